"""Members of a group come and go while messages are being handled."""

import asyncio
import time
from dataclasses import dataclass, field

import pytest

from shared.messaging.consuming.settling import Settling
from tests.support.embedded import FreshDatabase
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Said,
    Speaker,
    assert_sound,
    eventually,
    heard_all,
    listening,
    open_service,
    running,
    settings_for,
    speaking,
)

KEYS = [f"p{number}" for number in range(30)]

LONGER_THAN_A_BATCH = 30.0
"""Seconds to drain: of what is said while others join, no batch takes as long."""


JOINS_WITHIN_SECONDS = 60.0
"""Joining takes the embedded broker five seconds, and more on a busy machine."""


async def handle_slowly(_: Said) -> None:
    await asyncio.sleep(0.02)


@dataclass(slots=True)
class Handover:
    """A second member joins while the first handles slowly."""

    speaker: Speaker
    listener: Listener
    url: str
    servers: str
    monkeypatch: pytest.MonkeyPatch
    in_flight_when_revoked: list[int] = field(default_factory=list)

    async def play(self, *, until_revoked: bool = False) -> None:
        """Let it happen; *until_revoked*, no message is handled before it does."""
        gone, in_flight = asyncio.Event(), set[tuple[str, int]]()

        async def begin(said: Said) -> None:
            in_flight.add((said.key, said.number))
            await (gone.wait() if until_revoked else asyncio.sleep(0.5))

        async def end(said: Said) -> None:
            in_flight.discard((said.key, said.number))

        self.listener.before, self.listener.after = begin, end
        revoke = Settling.on_partitions_revoked

        async def watched(settling: Settling, revoked: object) -> None:
            await revoke(settling, revoked)
            if revoked:
                self.in_flight_when_revoked.append(len(in_flight))
                gone.set()

        self.monkeypatch.setattr(Settling, "on_partitions_revoked", watched)
        settings = settings_for(
            LISTENER, self.servers, drain_seconds=LONGER_THAN_A_BATCH
        )
        relay = speaking(self.speaker.service, settings_for(SPEAKER, self.servers))
        async with (
            open_service(self.url, LISTENER) as other,
            running(relay, listening(self.listener, settings)),
        ):
            talking = asyncio.create_task(say_until(gone, self.speaker))
            await eventually(lambda: has_attempts(self.listener))
            async with running(listening(Listener(other), settings)):
                joined = asyncio.wait_for(gone.wait(), JOINS_WITHIN_SECONDS)
                await asyncio.gather(joined, talking)
                await eventually(
                    lambda: heard_all(self.speaker, self.listener), within_seconds=90
                )
                await assert_sound(self.speaker, self.listener)


@pytest.fixture
def handover(
    speaker: Speaker,
    listener: Listener,
    migrated_database: FreshDatabase,
    kafka_bootstrap: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Handover:
    url = migrated_database.url_for(LISTENER)
    return Handover(speaker, listener, url, kafka_bootstrap, monkeypatch)


class TestRebalance:
    async def test_two_members_share_the_work_and_nothing_happens_twice(
        self,
        speaker: Speaker,
        listener: Listener,
        migrated_database: FreshDatabase,
        kafka_bootstrap: str,
    ) -> None:
        """The second joins, the first leaves, the first comes back: all under load."""
        settings = settings_for(LISTENER, kafka_bootstrap)
        listener.before = handle_slowly
        url = migrated_database.url_for(LISTENER)
        relay = speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        async with open_service(url, LISTENER) as second_service, running(relay):
            second = Listener(second_service, before=handle_slowly)
            first_member = listening(listener, settings)
            async with running(listening(second, settings)):
                both_there = asyncio.Event()
                async with running(first_member):
                    talking = asyncio.create_task(say_until(both_there, speaker))
                    await eventually(
                        lambda: both_heard(listener, second),
                        within_seconds=JOINS_WITHIN_SECONDS,
                    )
                    both_there.set()
                await talking  # the first has left
                alone = len(listener.attempts)
                async with running(listening(listener, settings)):
                    await speaker.say_all(KEYS, range(100, 120))
                    await eventually(
                        lambda: heard_all(speaker, listener), within_seconds=90
                    )
                    await assert_sound(speaker, listener)
        assert alone > 0

    async def test_gives_partitions_away_only_when_the_batch_is_settled(
        self, handover: Handover
    ) -> None:
        await handover.play()
        assert handover.in_flight_when_revoked
        assert set(handover.in_flight_when_revoked) == {0}

    async def test_control_without_draining_handlers_run_on(
        self, handover: Handover, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Aiokafka gives partitions away in the background; nothing is harmed."""

        async def at_once(self: Settling, _: object) -> None:
            self._course.drop()

        monkeypatch.setattr(Settling, "on_partitions_revoked", at_once)
        await handover.play(until_revoked=True)
        assert max(handover.in_flight_when_revoked) > 0


async def say_until(event: asyncio.Event, speaker: Speaker) -> None:
    """Go on until *event*, and some more: as long as members come and go."""
    number, left = 0, 10
    until = time.monotonic() + 2 * JOINS_WITHIN_SECONDS
    while left and time.monotonic() < until:
        await speaker.say_all(KEYS, [number])
        await asyncio.sleep(0.3)
        number, left = number + 1, left - event.is_set()


async def both_heard(first: Listener, second: Listener) -> bool:
    return bool(first.attempts) and bool(second.attempts)


async def has_attempts(listener: Listener) -> bool:
    return bool(listener.attempts)
