"""How long a message that fails keeps its batch, and what becomes of it."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import pytest

from shared.errors import RuleViolatedError, UnavailableError
from shared.eventlog import EventLog
from shared.messaging.arrivals import Arrival, Problem, Reader
from shared.messaging.consuming import lanes
from shared.messaging.consuming.lanes import LaneWork
from shared.messaging.contracts import Contracts
from shared.messaging.declarations import Consumer
from shared.messaging.parking import parking
from shared.messaging.parking.parking import Parking
from tests.unit.shared.messaging.examples import Said, record


class Inbox:
    """What was handled, by whichever member."""

    def __init__(self) -> None:
        self.held: set[UUID] = set()

    async def handled(self, _: str, event_ids: Sequence[UUID]) -> frozenset[UUID]:
        return frozenset(self.held & set(event_ids))


class Parked:
    """Remembers what was parked."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    async def parked(
        self, _: Sequence[str] = (), __: Sequence[UUID] = ()
    ) -> parking.Parked:
        return parking.Parked()

    async def park(self, _: Arrival, problem: Problem, **__: object) -> None:
        self.problems.append(problem)


class Member:
    """One consumer whose handler does as the test says."""

    def __init__(self) -> None:
        self.inbox, self.parked = Inbox(), Parked()
        consumer = Consumer(name="review", handlers={Said: self.on_said})
        self.arrival = Reader(consumer, Contracts([Said]))(record())
        self.error: Exception | None = None
        self.has_rival = False
        self.tries = 0
        self.work = LaneWork(
            consumer=consumer,
            log=cast(EventLog, self.inbox),
            parking=cast(Parking, self.parked),
            keys_at_once=4,
        )

    async def on_said(self, _: Any) -> None:
        self.tries += 1
        if self.has_rival:
            self.inbox.held.add(self.arrival.event_id)
        if self.error is None:
            await asyncio.Event().wait()
        else:
            raise self.error

    async def settle(self) -> None:
        async with asyncio.timeout(5):
            await self.work.settle([self.arrival])


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> Member:
    monkeypatch.setattr(lanes, "LONGEST_TRYING_SECONDS", 0.3)
    monkeypatch.setattr(lanes, "LEAST_TRYING_SECONDS", 0.1)
    return Member()


class TestLaneWork:
    async def test_ends_with_the_deadline_while_something_is_away(
        self, member: Member
    ) -> None:
        member.error = UnavailableError()
        await member.settle()
        assert member.tries > 1
        assert member.parked.problems == [Problem.UNAVAILABLE]

    async def test_ends_with_the_deadline_when_a_handler_hangs(
        self, member: Member
    ) -> None:
        await member.settle()
        assert member.parked.problems == [Problem.UNAVAILABLE]

    async def test_parks_what_a_rule_refuses(self, member: Member) -> None:
        member.error = RuleViolatedError()
        await member.settle()
        assert member.parked.problems == [Problem.REFUSED]

    async def test_does_not_park_what_another_member_handled_meanwhile(
        self, member: Member
    ) -> None:
        member.error, member.has_rival = RuleViolatedError(), True
        await member.settle()
        assert member.parked.problems == []
