"""kill -9 at the worst moments: nothing lost, no effect twice, order kept.

Each test has a control that does the forbidden thing and is caught by the same checks.
"""

import asyncio
import signal
import sys
from dataclasses import dataclass

import pytest

from shared.messaging import Reconciler
from tests.support.embedded import FreshDatabase
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Speaker,
    assert_sound,
    eventually,
    heard_all,
    listening,
    running,
    settings_for,
    speaking,
)
from tests.support.messaging_process import KEYS, NUMBERS

SAID = [(key, number) for number in NUMBERS for key in KEYS]


@dataclass(frozen=True, slots=True)
class Processes:
    """Starts services as processes of their own."""

    database: FreshDatabase
    servers: str

    async def start(
        self, role: str, fault: str = "never", count: int = 1
    ) -> asyncio.subprocess.Process:
        service = SPEAKER if role in {"speak", "relay"} else LISTENER
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.messaging_process",
            role,
            self.database.url_for(service),
            self.servers,
            fault,
            str(count),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def run_to_its_death(self, role: str, fault: str, count: int = 1) -> None:
        process = await self.start(role, fault, count)
        try:
            async with asyncio.timeout(60):
                assert await process.wait() == -signal.SIGKILL
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@pytest.fixture
def processes(migrated_database: FreshDatabase, kafka_bootstrap: str) -> Processes:
    return Processes(migrated_database, kafka_bootstrap)


class TestKillAfterAppendBeforeRelay:
    async def test_what_was_appended_is_published_by_the_next_process(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        await processes.run_to_its_death("speak", "after_append", count=len(SAID))
        speaker.said.extend(SAID)
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, processes.servers)),
            listening(listener, settings_for(LISTENER, processes.servers)),
        ):
            await eventually(lambda: heard_all(speaker, listener))
            await assert_sound(speaker, listener)

    async def test_control_a_relay_that_begins_at_the_head_is_caught(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        await processes.run_to_its_death("speak", "after_append", count=len(SAID))
        speaker.said.extend(SAID)
        await speaker.service.pool.execute(
            "INSERT INTO messaging.relay (service, epoch, position) VALUES ($1, 1, $2)",
            SPEAKER,
            len(SAID),
        )
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, processes.servers)),
            listening(listener, settings_for(LISTENER, processes.servers)),
        ):
            with pytest.raises(TimeoutError):
                await eventually(lambda: heard_all(speaker, listener), within_seconds=8)
            with pytest.raises(AssertionError):
                await assert_sound(speaker, listener)


class TestKillAfterPublishBeforeCheckpoint:
    async def test_what_is_published_again_has_no_second_effect(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        await speaker.say_all(KEYS, NUMBERS)
        await processes.run_to_its_death("relay", "after_publish")
        async with running(
            listening(listener, settings_for(LISTENER, processes.servers))
        ):
            await eventually(lambda: heard_all(speaker, listener))
            relay = speaking(speaker.service, settings_for(SPEAKER, processes.servers))
            async with running(relay):
                await speaker.say_all(KEYS, range(6, 9))
                await eventually(lambda: heard_all(speaker, listener))
                await assert_sound(speaker, listener)

    async def test_control_a_consumer_without_inbox_is_caught(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        listener.careless = True
        await speaker.say_all(KEYS, NUMBERS)
        await processes.run_to_its_death("relay", "after_publish")
        async with running(
            listening(listener, settings_for(LISTENER, processes.servers))
        ):
            await eventually(lambda: heard_all(speaker, listener))
            relay = speaking(speaker.service, settings_for(SPEAKER, processes.servers))
            async with running(relay):
                await speaker.say_all(KEYS, range(6, 9))

                async def last_heard() -> bool:
                    return {(key, 8) for key in KEYS} <= set(await listener.heard())

                await eventually(last_heard)
                with pytest.raises(AssertionError):
                    await assert_sound(speaker, listener)
        service = listener.service
        (found,) = await Reconciler(service.pool, service.log).report()
        assert found.duplicated == len(SAID)
        assert found.lost == len(speaker.said)


class TestKillAfterHandlingBeforeCommit:
    async def test_what_is_delivered_again_has_no_second_effect(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        await speaker.say_all(KEYS, NUMBERS)
        relay = speaking(speaker.service, settings_for(SPEAKER, processes.servers))
        async with running(relay):
            await processes.run_to_its_death("listen", "after_handling", count=7)
            assert len(await listener.heard()) >= 7
            async with running(
                listening(listener, settings_for(LISTENER, processes.servers))
            ):
                await eventually(lambda: heard_all(speaker, listener))
                await assert_sound(speaker, listener)

    async def test_control_a_consumer_without_inbox_is_caught(
        self, processes: Processes, speaker: Speaker, listener: Listener
    ) -> None:
        await speaker.say_all(KEYS, NUMBERS)
        relay = speaking(speaker.service, settings_for(SPEAKER, processes.servers))
        async with running(relay):
            await processes.run_to_its_death(
                "careless-listen", "after_handling", count=7
            )
            async with running(
                listening(listener, settings_for(LISTENER, processes.servers))
            ):

                async def last_heard() -> bool:
                    return {(key, 5) for key in KEYS} <= set(await listener.heard())

                await eventually(last_heard)
                with pytest.raises(AssertionError):
                    await assert_sound(speaker, listener)
