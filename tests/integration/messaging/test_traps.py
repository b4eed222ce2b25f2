"""Traps of the libraries that are no setting: each is sprung, then ours survives it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.protocol.metadata import MetadataRequest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, KafkaPublishMessage

from shared.embedded import BrokerProcess
from shared.messaging import PARTITIONS, UnsafeMessagingError, check_topics, topic_of
from shared.messaging.topics import create_topics, partition_of
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

TOPIC = "trap.v1"
KEYS = [f"k{number}" for number in range(30)]


@pytest.fixture
async def trap_topic(kafka_bootstrap: str) -> str:
    await create_topics(kafka_bootstrap, [TOPIC], replication_factor=1)
    return TOPIC


@asynccontextmanager
async def producing(servers: str, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", **options)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def read_all(servers: str, topic: str, *, count: int) -> list[Any]:
    """Return *count* records of *topic*, whatever their partition."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=10,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


class TestPublishBatch:
    async def test_trap_a_batch_goes_to_one_partition_whatever_the_keys(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        async with KafkaBroker(kafka_bootstrap, logger=None) as broker:
            await broker.publish_batch(
                *(KafkaPublishMessage(key, key=key.encode()) for key in KEYS),
                topic=trap_topic,
            )
        records = await read_all(kafka_bootstrap, trap_topic, count=len(KEYS))
        assert len({record.partition for record in records}) == 1

    async def test_ours_puts_each_key_into_its_partition(
        self, speaker: Speaker, kafka_bootstrap: str
    ) -> None:
        await speaker.say_all(KEYS, [0])
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        ):
            records = await eventually_read(kafka_bootstrap, count=len(KEYS))
        where = {record.key.decode(): record.partition for record in records}
        assert where == {key: partition_of(key) for key in KEYS}


async def eventually_read(servers: str, *, count: int) -> list[Any]:
    await create_topics(servers, [topic_of(SPEAKER)], replication_factor=1)
    return await read_all(servers, topic_of(SPEAKER), count=count)


class TestFailedSend:
    async def test_trap_a_later_send_of_the_same_key_overtakes_a_failed_one(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        """Ours sends nothing behind a failure: see the unit tests of the producer."""
        async with producing(kafka_bootstrap) as producer:
            with pytest.raises(MessageSizeTooLargeError):
                await producer.send(trap_topic, key=b"k", value=bytes(2 * 1024 * 1024))
            await producer.send_and_wait(trap_topic, key=b"k", value=b"second")
        (record,) = await read_all(kafka_bootstrap, trap_topic, count=1)
        assert record.value == b"second"


class TestBareCommit:
    async def test_trap_a_commit_covers_everything_that_was_ever_fetched(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        async with producing(kafka_bootstrap) as producer:
            for number in range(5):
                await producer.send_and_wait(trap_topic, b"%d" % number, partition=0)
        acknowledged: list[bytes] = []
        broker = KafkaBroker(kafka_bootstrap, logger=None)

        @broker.subscriber(
            trap_topic,
            group_id="trap",
            batch=True,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            session_timeout_ms=6_000,
        )
        async def on_batch(message: KafkaMessage) -> None:
            """Acknowledge after the first record only."""
            records = message.raw_message
            assert isinstance(records, tuple)
            acknowledged.append(records[0].value)
            await message.ack()

        async with broker:
            await broker.start()

            async def all_committed() -> bool:
                return await on_batch_committed(broker, trap_topic) == 5

            await eventually(all_committed)
        assert b"0" in acknowledged
        assert len(acknowledged) < 5

    async def test_ours_reads_again_what_was_not_settled(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        """Stopped while handling: nothing of the batch may count as done."""
        stuck = asyncio.Event()

        async def never_end(_: object) -> None:
            stuck.set()
            await asyncio.sleep(3600)

        listener.before = never_end
        await speaker.say_all(["p1"], range(3))
        relay = speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap))
        settings = settings_for(LISTENER, kafka_bootstrap, drain_seconds=0.2)
        async with running(relay):
            async with running(listening(listener, settings)):
                async with asyncio.timeout(30):
                    await stuck.wait()
            listener.before = None
            async with running(listening(listener, settings)):
                await eventually(lambda: heard_all(speaker, listener))
                await assert_sound(speaker, listener)


async def on_batch_committed(broker: KafkaBroker, topic: str) -> int | None:
    (subscriber,) = broker.subscribers
    consumer: Any = subscriber.consumer  # type: ignore[attr-defined]
    committed: int | None = await consumer.committed(TopicPartition(topic, 0))
    return committed


class TestUnreadableHeader:
    async def test_trap_one_bad_header_hides_a_whole_batch_from_the_handler(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        async with producing(kafka_bootstrap) as producer:
            for headers in ([], [("ce_id", b"\xff")], []):
                await producer.send_and_wait(
                    trap_topic, b"{}", partition=0, headers=headers
                )
        seen: list[Any] = []
        broker = KafkaBroker(kafka_bootstrap, logger=None)
        declared = broker.subscriber(
            trap_topic,
            group_id="trap",
            batch=True,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            session_timeout_ms=6_000,
        )

        @declared
        async def on_batch(messages: list[Any]) -> None:
            seen.extend(messages)

        async with broker:
            await broker.start()
            consumer: Any = declared.consumer
            place = TopicPartition(trap_topic, 0)

            async def passed() -> bool:
                return bool(await consumer.position(place) == 3)

            await eventually(passed)
        assert seen == []  # and the position has moved on: they are gone


class TestPing:
    async def test_trap_it_is_fine_with_a_consumer_that_gets_nothing(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        broker = KafkaBroker(kafka_bootstrap, logger=None)
        broker.subscriber(trap_topic, group_id="trap")
        async with broker:  # connected, and never started
            assert await broker.ping(timeout=2.0)

    async def test_ours_is_not_ready_before_it_has_joined(
        self, listener: Listener, kafka_bootstrap: str
    ) -> None:
        consumer = listening(listener, settings_for(LISTENER, kafka_bootstrap))
        async with running(consumer):
            assert not consumer.health().ready
            assert "consumer" in consumer.health().reason

            async def ready() -> bool:
                return consumer.health().ready

            await eventually(ready)


async def made_up(servers: str, topic: str) -> int:
    """Ask for *topic* as aiokafka does by itself; return how many partitions it has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aiokafka.client.MetadataRequest", MetadataRequest)
        async with producing(servers) as producer:
            return len(await producer.partitions_for(topic))


class TestTopicMadeUpByTheBroker:
    async def test_trap_asking_for_a_topic_creates_it_with_other_partitions(
        self, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        assert await made_up(servers, "made-up.v1") not in {0, PARTITIONS}

    async def test_ours_asks_without_creating_it(
        self, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        async with producing(servers) as producer:
            asking = asyncio.create_task(producer.partitions_for(TOPIC))
            with pytest.raises(UnsafeMessagingError, match="0 partitions"):
                await check_topics(servers, [TOPIC])
            await asyncio.wait([asking], timeout=1.0)
            asking.cancel()
        with pytest.raises(UnsafeMessagingError, match="0 partitions"):
            await check_topics(servers, [TOPIC])

    async def test_ours_replaces_it_while_it_runs_and_reads_all_of_it(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, servers)),
            listening(listener, settings_for(LISTENER, servers)),
        ):
            await speaker.say_all(KEYS, [0])
            await eventually(lambda: heard_all(speaker, listener))
            await own_broker.restart()
            await made_up(servers, topic_of(SPEAKER))
            await speaker.say_all(KEYS, [1])
            await eventually(lambda: heard_all(speaker, listener), within_seconds=120)
            await assert_sound(speaker, listener)

    async def test_ours_replaces_it_where_it_creates_topics(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        await made_up(servers, topic_of(SPEAKER))
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, servers)),
            listening(listener, settings_for(LISTENER, servers)),
        ):
            await speaker.say_all(KEYS, [0])
            await eventually(lambda: heard_all(speaker, listener))
            await assert_sound(speaker, listener)

    async def test_ours_says_so_where_it_does_not(
        self, speaker: Speaker, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        settings = settings_for(SPEAKER, servers, create_topics=False)
        relay = speaking(speaker.service, settings)
        async with running(relay):

            async def said_so() -> bool:
                return "UnsafeMessaging" in relay.health().reason

            await eventually(said_so)


class TestQuietPoll:
    async def test_trap_an_empty_poll_sleeps_for_the_whole_batch_timeout(
        self, kafka_bootstrap: str, trap_topic: str
    ) -> None:
        """Up to 400 ms for a message that comes after a quiet moment."""
        arrived: list[float] = []
        broker = KafkaBroker(kafka_bootstrap, logger=None)
        declared = broker.subscriber(
            trap_topic,
            group_id="trap",
            batch=True,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=10,
            batch_timeout_ms=400,
            session_timeout_ms=6_000,
        )

        @declared
        async def on_batch(messages: list[Any]) -> None:
            arrived.append(time.monotonic())

        waits = []
        async with broker, producing(kafka_bootstrap) as producer:
            await broker.start()
            for number in range(12):
                await asyncio.sleep(0.53 + 0.071 * number)
                sent_at = time.monotonic()
                await producer.send_and_wait(trap_topic, b"{}")
                waits.append(await arrival_after(sent_at, arrived) - sent_at)
        assert max(waits) > 0.1


async def arrival_after(moment: float, arrived: list[float]) -> float:
    async def is_there() -> bool:
        return bool(arrived) and arrived[-1] > moment

    await eventually(is_there)
    return arrived[-1]
