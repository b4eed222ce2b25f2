"""One relay at a time, and nothing written by one that was replaced."""

import asyncio
import time

import pytest

from shared.database import raise_epoch
from shared.ids import new_id
from shared.messaging import Messaging
from shared.messaging.consuming.progress import Progress
from shared.messaging.era import Era
from shared.messaging.errors import FencedError
from shared.messaging.relay.checkpoint import Checkpoints
from shared.messaging.relay.lease import Lease, LeaseDesk
from shared.messaging.relay.standing import Step
from tests.support.embedded import FreshDatabase
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Said,
    Speaker,
    Whispered,
    assert_sound,
    eventually,
    heard_all,
    in_order,
    listening,
    open_service,
    running,
    settings_for,
    speaking,
)

KEYS = [f"p{number}" for number in range(12)]
FIRST = Step(after=0, position=9)
RENEWABLE_SECONDS = 3.0
"""A lease whose renewal, after a second, may be two seconds late on a busy machine."""


def desk_of(speaker: Speaker, *, seconds: float) -> LeaseDesk:
    return LeaseDesk(
        pool=speaker.service.pool,
        service=SPEAKER,
        holder=new_id(),
        lease_seconds=seconds,
    )


class TestLease:
    async def test_is_held_by_one_and_passes_on_when_it_is_silent(
        self, speaker: Speaker
    ) -> None:
        began = time.monotonic()
        first = await desk_of(speaker, seconds=0.6).take()
        second = await desk_of(speaker, seconds=0.6).take()
        assert time.monotonic() - began > 0.4
        assert second.term == first.term + 1

    async def test_is_kept_as_long_as_it_is_renewed(self, speaker: Speaker) -> None:
        desk = desk_of(speaker, seconds=RENEWABLE_SECONDS)
        lease = await desk.take()
        keeping = asyncio.create_task(desk.keep(lease))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5 * RENEWABLE_SECONDS):
                await desk_of(speaker, seconds=0.6).take()
        keeping.cancel()

    async def test_passes_on_at_once_when_it_is_given_back(
        self, speaker: Speaker
    ) -> None:
        desk = desk_of(speaker, seconds=60)
        await desk.give_back(await desk.take())
        async with asyncio.timeout(20):
            await desk_of(speaker, seconds=60).take()

    async def test_stops_whoever_lost_it(self, speaker: Speaker) -> None:
        desk = desk_of(speaker, seconds=0.3)
        lease = await desk.take()
        await desk_of(speaker, seconds=60).take()
        with pytest.raises(FencedError):
            await desk.keep(lease)


class TestCheckpoints:
    async def test_refuse_an_older_term(self, speaker: Speaker) -> None:
        desk = desk_of(speaker, seconds=60)
        old = await desk.take()
        await desk.give_back(old)
        new = await desk.take()
        checkpoints = Checkpoints(speaker.service.pool)
        era = Era(epoch=0, generation=0)
        await checkpoints.save(new, era, Step(after=0, position=7))
        with pytest.raises(FencedError):
            await checkpoints.save(old, era, Step(after=7, position=9))
        with pytest.raises(FencedError):
            await checkpoints.begin_era(old, Era(epoch=1, generation=1))
        assert (await checkpoints.read(SPEAKER)).position == 7

    async def test_refuse_an_older_era(self, speaker: Speaker) -> None:
        lease = await desk_of(speaker, seconds=60).take()
        checkpoints = Checkpoints(speaker.service.pool)
        await checkpoints.begin_era(lease, Era(epoch=1, generation=1))
        with pytest.raises(FencedError):
            await checkpoints.save(lease, Era(epoch=0, generation=0), FIRST)

    async def test_refuse_the_term_of_another_service(self, speaker: Speaker) -> None:
        lease = await desk_of(speaker, seconds=60).take()
        checkpoints = Checkpoints(speaker.service.pool)
        stranger = Lease(service="review", term=lease.term)
        with pytest.raises(FencedError):
            await checkpoints.save(stranger, Era(epoch=0, generation=0), FIRST)

    async def test_refuse_a_step_that_does_not_begin_where_the_database_stands(
        self, speaker: Speaker
    ) -> None:
        """It lost the newest checkpoint in a crash: nobody waits for their disk."""
        lease = await desk_of(speaker, seconds=60).take()
        checkpoints = Checkpoints(speaker.service.pool)
        era = Era(epoch=0, generation=0)
        await checkpoints.save(lease, era, Step(after=0, position=7))
        with pytest.raises(FencedError):
            await checkpoints.save(lease, era, Step(after=9, position=12))
        assert (await checkpoints.read(SPEAKER)).position == 7


class TestRelay:
    async def test_a_second_process_takes_over(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        settings = settings_for(SPEAKER, kafka_bootstrap)
        standby = speaking(speaker.service, settings)
        async with running(
            listening(listener, settings_for(LISTENER, kafka_bootstrap))
        ):
            async with running(speaking(speaker.service, settings)):
                await speaker.say_all(KEYS, range(3))
                await eventually(lambda: heard_all(speaker, listener))
                await standby.start()
            try:
                await speaker.say_all(KEYS, range(3, 6))
                await eventually(lambda: heard_all(speaker, listener))
                await assert_sound(speaker, listener)
            finally:
                await standby.stop()

    async def test_begins_a_new_era_when_the_log_was_restored(
        self,
        speaker: Speaker,
        listener: Listener,
        migrated_database: FreshDatabase,
        kafka_bootstrap: str,
    ) -> None:
        def both() -> tuple[Messaging, Messaging]:
            return (
                speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
                listening(listener, settings_for(LISTENER, kafka_bootstrap)),
            )

        async with running(*both()):
            await speaker.say_all(KEYS, range(2))
            await eventually(lambda: heard_all(speaker, listener))
        before = await Progress(listener.service.pool, LISTENER).fillings([SPEAKER])
        await raise_epoch(migrated_database.url)
        async with (  # nobody who has read a log goes on after it was restored
            open_service(migrated_database.url_for(SPEAKER), SPEAKER) as speaking_anew,
            open_service(migrated_database.url_for(LISTENER), LISTENER) as heard_anew,
        ):
            speaker.service, listener.service = speaking_anew, heard_anew
            async with running(*both()):
                await speaker.say_all(KEYS, range(2, 4))
                await eventually(lambda: heard_all(speaker, listener))
                await assert_sound(speaker, listener)
            after = await Progress(heard_anew.pool, LISTENER).fillings([SPEAKER])
        assert after[SPEAKER].era.epoch == before[SPEAKER].era.epoch + 1
        assert after[SPEAKER].era.generation == before[SPEAKER].era.generation + 1

    async def test_does_not_publish_what_is_private(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        await speaker.say("p1", 0, public=False)
        await speaker.say("p1", 1)
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await eventually(lambda: heard_all(speaker, listener))
        assert await listener.heard() == [("p1", 1)]


class TestConsumerThatComesLate:
    async def test_gets_everything_from_a_topic_that_begins_later(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        """The topic lacks its beginning, which no other consumer needs any more."""
        await speaker.say_all(KEYS, range(3))
        pool = speaker.service.pool
        relay = speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        async with running(relay):

            async def published() -> bool:
                count = await pool.fetchval("SELECT count(*) FROM messaging.published")
                return bool(count == len(speaker.said))

            await eventually(published)
        await pool.execute(  # as if all of it had been settled by everybody
            "UPDATE messaging.relay SET generation = generation + 1;"
            "DELETE FROM messaging.confirmed"
        )
        await speaker.say_all(KEYS, range(3, 5))
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await eventually(lambda: heard_all(speaker, listener))
            await assert_sound(speaker, listener)

    async def test_gets_what_it_had_skipped_once_it_handles_the_type(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        settings = settings_for(LISTENER, kafka_bootstrap)
        relay = speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        async with running(relay):
            async with running(listening(listener, settings)):
                await speaker.say("p1", 0)
                await speaker.say("p2", 0, kind="whispered")
                await speaker.say("p1", 1)
                await eventually(lambda: heard_all(speaker, listener))
            wider = listener.consumer(
                {Said: listener.on_said, Whispered: listener.on_said}
            )
            async with running(listening(listener, settings, consumer=wider)):

                async def heard_the_whisper() -> bool:
                    return ("p2", 0) in await listener.heard()

                await eventually(heard_the_whisper)
        heard = await listener.heard()
        assert sorted(heard) == [("p1", 0), ("p1", 1), ("p2", 0)]
        assert in_order(heard)


class TestAnotherLogOnTheSameBroker:
    async def test_its_messages_are_passed_over(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        await speaker.say_all(KEYS, range(2))
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        ):

            async def published() -> bool:
                return bool(
                    await speaker.service.pool.fetchval(
                        "SELECT count(*) = $1 FROM messaging.published",
                        len(speaker.said),
                    )
                )

            await eventually(published)
        pool = speaker.service.pool
        await pool.execute(  # what a new database begins with
            "UPDATE messaging.relay SET log_id = gen_random_uuid(), generation = 0;"
            "DELETE FROM messaging.confirmed; DELETE FROM messaging.published"
        )
        await pool.execute(
            "UPDATE messaging.relay SET position = $1", len(speaker.said)
        )
        speaker.said.clear()
        await speaker.say_all(KEYS, [7])
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await eventually(lambda: heard_all(speaker, listener))
        assert sorted(await listener.heard()) == sorted((key, 7) for key in KEYS)
