"""The broker is killed and forgets everything, while messages are on their way."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from shared.embedded import BrokerProcess
from shared.messaging import create_topics, topic_of
from shared.messaging.topics import partition_of
from tests.support.messaging import (
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

KEYS = [f"p{number}" for number in range(24)]


class TestBrokerThatForgets:
    async def test_loses_nothing_when_it_is_emptied_in_the_middle(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        relay = speaking(speaker.service, settings_for("submission", servers))
        consumer = listening(listener, settings_for("review", servers))
        async with running(relay, consumer):
            await speaker.say_all(KEYS, range(10))
            await eventually(lambda: heard_all(speaker, listener))
            talking = asyncio.create_task(speaker.say_all(KEYS, range(10, 40)))
            await asyncio.sleep(0.2)
            await own_broker.restart()
            await talking
            await speaker.say_all(KEYS, range(40, 60))
            await eventually(lambda: heard_all(speaker, listener), within_seconds=200)
            await assert_sound(speaker, listener)

    async def test_loses_nothing_when_it_is_refilled_beyond_its_old_length(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        """Neither relay nor consumer runs while the topic is lost and filled again."""
        servers = own_broker.bootstrap_servers
        async with running(
            speaking(speaker.service, settings_for("submission", servers)),
            listening(listener, settings_for("review", servers)),
        ):
            await speaker.say_all(KEYS, range(3))
            await eventually(lambda: heard_all(speaker, listener))
        await speaker.say_all(KEYS, range(3, 6))
        await own_broker.restart()
        await create_topics(servers, [topic_of("submission")], replication_factor=1)
        await _fill_with_strangers(servers, records_per_partition=100)
        await speaker.say_all(KEYS, range(6, 9))
        async with running(
            speaking(speaker.service, settings_for("submission", servers)),
            listening(listener, settings_for("review", servers)),
        ):
            await eventually(lambda: heard_all(speaker, listener), within_seconds=200)
            await assert_sound(speaker, listener)

    async def test_loses_nothing_that_nobody_had_read_yet(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        await _publish_and_forget(speaker, own_broker)
        async with running(
            speaking(speaker.service, settings_for("submission", servers)),
            listening(listener, settings_for("review", servers)),
        ):
            await eventually(lambda: heard_all(speaker, listener), within_seconds=200)
            await assert_sound(speaker, listener)

    async def test_control_without_looking_what_nobody_had_read_is_missing(
        self,
        speaker: Speaker,
        listener: Listener,
        own_broker: BrokerProcess,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        servers = own_broker.bootstrap_servers
        await _publish_and_forget(speaker, own_broker)

        async def trust(_settings: object, _confirmed: object) -> None:
            """Believe that the broker still has what it confirmed."""

        monkeypatch.setattr("shared.messaging.relay.relay.check_presence", trust)
        async with running(
            speaking(speaker.service, settings_for("submission", servers)),
            listening(listener, settings_for("review", servers)),
        ):
            with pytest.raises(TimeoutError):
                await eventually(
                    lambda: heard_all(speaker, listener), within_seconds=15
                )
            assert await listener.heard() == []


async def _publish_and_forget(speaker: Speaker, broker: BrokerProcess) -> None:
    """Let the broker confirm messages that nobody reads, and forget them."""
    relay = speaking(
        speaker.service, settings_for("submission", broker.bootstrap_servers)
    )
    async with running(relay):
        await speaker.say_all(KEYS, range(5))

        async def confirmed() -> bool:
            position = await speaker.service.pool.fetchval(
                "SELECT position FROM messaging.relay WHERE service = $1", "submission"
            )
            return bool(position == len(speaker.said))

        await eventually(confirmed)
    await broker.restart()


async def _fill_with_strangers(servers: str, *, records_per_partition: int) -> None:
    """Make every partition longer than it was, with records that are not ours."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all")
    await producer.start()
    try:
        for key in KEYS:
            for _ in range(records_per_partition):
                await producer.send(
                    topic_of("submission"),
                    key=b"stranger",
                    value=b"{}",
                    partition=partition_of(key),
                )
        await producer.flush()
    finally:
        await producer.stop()
