"""What lies in the broker, looked at and put there past every service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from shared.messaging import OWNERS
from shared.messaging.topics import PARTITIONS, topic_of

TOPICS = tuple(topic_of(owner) for owner in OWNERS)
PLACES = tuple(
    TopicPartition(topic, number) for topic in TOPICS for number in range(PARTITIONS)
)

Lengths = dict[TopicPartition, int]

READ_SECONDS = 5.0
"""A reader that was not given everything by then is replaced by another."""


@asynccontextmanager
async def _reading(bootstrap_servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(PLACES)
        yield consumer
    finally:
        await consumer.stop()


async def lengths(bootstrap_servers: str) -> Lengths:
    """Return how many records each partition has."""
    async with _reading(bootstrap_servers) as consumer:
        ends: Lengths = await consumer.end_offsets(PLACES)
        return ends


async def records(bootstrap_servers: str) -> list[ConsumerRecord]:
    """Return every record there is."""
    while True:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await _records(bootstrap_servers)
        except TimeoutError:
            continue


async def _records(bootstrap_servers: str) -> list[ConsumerRecord]:
    async with _reading(bootstrap_servers) as consumer:
        ends = await consumer.end_offsets(PLACES)
        await consumer.seek_to_beginning(*PLACES)
        found: list[ConsumerRecord] = []
        while len(found) < sum(ends.values()):
            for batch in (await consumer.getmany(timeout_ms=100)).values():
                found += batch
        return found


def type_of(record: ConsumerRecord) -> str:
    """Return the CloudEvents type of *record*."""
    return str(dict(record.headers)["ce_type"].decode())


async def fill(
    bootstrap_servers: str, record: ConsumerRecord, numbers: Lengths
) -> None:
    """Put so many copies of *record* into each partition."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await producer.start()
    try:
        for place, number in numbers.items():
            for _ in range(number):
                await producer.send_and_wait(
                    place.topic,
                    record.value,
                    key=record.key,
                    partition=place.partition,
                    headers=list(record.headers),
                )
    finally:
        await producer.stop()
