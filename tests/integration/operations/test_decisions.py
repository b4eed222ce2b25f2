"""Decisions about parked lanes are carried out, whatever happened to the lane since."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.operations.app import CODEC
from services.operations.clocks import follow_decisions
from services.operations.domain.commands import (
    DeskCommand,
    DiscardMessage,
    ReleaseLane,
)
from services.operations.domain.decide import desk
from shared.clock import utc_now
from shared.database import Pool, open_pool
from shared.eventlog import PostgresEventLog, open_log
from shared.handling import Cause, Handling, Step
from shared.ids import new_id
from shared.messaging import ParkedLane, ParkedLanes
from shared.messaging.parking.parking import lane_id_of
from shared.personal import Personal
from tests.integration.operations.parking import CONSUMER, park
from tests.support.embedded import FreshDatabase
from tests.support.messaging import eventually

REASON: Personal[str] = Personal(
    subject="olga", key="k-1", nonce="bm9uY2U", ciphertext="c2VhbGVk"
)


class Desk:
    """The desk's log and lanes, without its HTTP face."""

    def __init__(self, log: PostgresEventLog, pool: Pool) -> None:
        self.log = log
        self.pool = pool
        self.lanes = ParkedLanes(pool)
        self._handling = Handling(log, CODEC)

    async def decide(self, command: DeskCommand, lane_id: str) -> None:
        cause = Cause.by_clock("operations", str(new_id()))
        await self._handling(cause, Step(desk, f"desk-lane-{lane_id}", command))

    @asynccontextmanager
    async def following(self) -> AsyncIterator["asyncio.Task[None]"]:
        loop = follow_decisions(self.log, CODEC, self.lanes)
        task = asyncio.ensure_future(loop())
        yield task
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def at_desk(migrated_database: FreshDatabase) -> AsyncIterator[Desk]:
    url = migrated_database.url_for("operations")
    async with open_log(url) as log, open_pool(url, schema="operations") as pool:
        yield Desk(log, pool)


def release(lane_id: str) -> ReleaseLane:
    return ReleaseLane(
        lane_id=lane_id,
        head_message_id=str(new_id()),
        by="olga",
        reason=REASON,
        at=utc_now(),
    )


def discard(lane: ParkedLane) -> DiscardMessage:
    return DiscardMessage(
        lane_id=lane.lane_id,
        message_id=str(lane.head_event_id),
        by="olga",
        reason=REASON,
        at=utc_now(),
    )


class TestFollowDecisions:
    async def test_goes_on_when_a_lane_is_open_by_now(self, at_desk: Desk) -> None:
        """Its consumer can open a lane before the decision about it is carried out."""
        gone = await park(at_desk.pool, "gone")
        lane = await at_desk.lanes.get(gone)
        assert lane is not None
        await at_desk.lanes.discard(gone, lane.head_event_id, decided_by=new_id())
        await at_desk.decide(release(gone), gone)
        await at_desk.decide(discard(lane), gone)
        waits = await park(at_desk.pool, "waits")
        await at_desk.decide(release(waits), waits)

        async with at_desk.following() as task:

            async def released() -> bool:
                assert not task.done()
                lane = await at_desk.lanes.get(waits)
                return lane is not None and lane.status == "released"

            await eventually(released)

    async def test_releases_nothing_that_was_parked_after_the_decision(
        self, at_desk: Desk
    ) -> None:
        """The loop sees old decisions again at every start; a lane keeps its id."""
        await at_desk.decide(release(str(lane_id_of(CONSUMER, "bad"))), "bad")
        lane_id = await park(at_desk.pool, "bad")
        other = await park(at_desk.pool, "other")
        await at_desk.decide(release(other), other)

        async def released() -> bool:
            lane = await at_desk.lanes.get(other)
            return lane is not None and lane.status == "released"

        async with at_desk.following():
            await eventually(released)
        lane = await at_desk.lanes.get(lane_id)
        assert lane is not None
        assert lane.status == "parked"

    async def test_gives_up_the_one_message_that_was_decided_about(
        self, at_desk: Desk
    ) -> None:
        lane_id = await park(at_desk.pool, "bad", 1, 2)
        lane = await at_desk.lanes.get(lane_id)
        assert lane is not None
        await at_desk.decide(discard(lane), lane_id)

        async def discarded() -> bool:
            after = await at_desk.lanes.get(lane_id)
            return after is not None and after.waiting == 1

        async with at_desk.following():
            await eventually(discarded)
        after = await at_desk.lanes.get(lane_id)
        assert after is not None
        assert (after.status, after.head_event_id != lane.head_event_id) == (
            "parked",
            True,
        )
