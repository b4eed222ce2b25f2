"""Topics: one per publishing service, each with the same number of partitions.

Invariant: messages of one key are always in the partition of the same number, in
every topic, so that one member of a consumer group sees all of a case.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.partitioner import murmur2

from shared.messaging.errors import UnsafeMessagingError

PARTITIONS = 12
"""Fixed for ever: another number would move keys. Source: architecture.md."""

_LOOK_SECONDS = 0.2
"""How often a new broker is asked whether it is ready for groups."""

_POSITIVE = 0x7FFFFFFF
"""Java's partitioner drops the sign bit of the hash."""


def topic_of(owner: str) -> str:
    """Return the topic of everything that *owner* publishes."""
    return f"{owner}.v1"


def partition_of(key: str) -> int:
    """Return the partition of *key*: the same as Kafka's default partitioner."""
    hashed: int = murmur2(key.encode())
    return (hashed & _POSITIVE) % PARTITIONS


async def create_topics(
    bootstrap_servers: str,
    topics: Iterable[str],
    *,
    replication_factor: int,
    config: Mapping[str, str] | None = None,
) -> None:
    """Create the *topics* that do not exist yet, with Kafka's own names in *config*.

    A broker for production gets them from ``deploy/topics.yaml`` (`attest topics`).

    Raises:
        aiokafka.errors.KafkaError: the broker refused or does not answer.
    """
    async with _administration(bootstrap_servers) as admin:
        await _create(admin, topics, replication_factor, config)


async def replace_topic(
    bootstrap_servers: str, topic: str, *, replication_factor: int
) -> None:
    """Delete *topic* and create it as it must be.

    For a broker that had forgotten it and made another one, with partitions of its own
    choice, as soon as somebody asked for it. Whatever was in it is in the log.

    Raises:
        aiokafka.errors.KafkaError: the broker refused or does not answer.
    """
    async with _administration(bootstrap_servers) as admin:
        await admin.delete_topics([topic])
        await _create(admin, [topic], replication_factor)


async def check_topics(bootstrap_servers: str, topics: Iterable[str]) -> None:
    """Refuse to work with *topics* whose number of partitions is another.

    Raises:
        UnsafeMessagingError: a topic is missing or has another number.
        aiokafka.errors.KafkaError: the broker does not answer.
    """
    wanted = list(topics)
    async with _administration(bootstrap_servers) as admin:
        found = await admin.describe_topics(wanted)
    counts = {one["topic"]: len(one["partitions"]) for one in found}
    for name in wanted:
        if counts.get(name, 0) != PARTITIONS:
            raise UnsafeMessagingError(
                trap=f"topic {name} has {counts.get(name, 0)} partitions",
                remedy=f"create it with {PARTITIONS}, as deploy/topics.yaml says",
            )


async def wait_for_groups(
    bootstrap_servers: str, groups: Iterable[str], *, timeout_seconds: float
) -> None:
    """Return when brokers keep the offsets of *groups*.

    A new broker makes the topic for that when the first group asks, and refuses every
    group for some seconds meanwhile.

    Raises:
        aiokafka.errors.KafkaError: a group is still refused after that time.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + timeout_seconds
    async with _administration(bootstrap_servers) as admin:
        for group in groups:
            while True:
                try:
                    await admin.list_consumer_group_offsets(group)
                    break
                except KafkaError:
                    if loop.time() > give_up:
                        raise
                await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def _administration(
    bootstrap_servers: str,
) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _create(
    admin: AIOKafkaAdminClient,
    topics: Iterable[str],
    replication_factor: int,
    config: Mapping[str, str] | None = None,
) -> None:
    wanted = [
        NewTopic(name, PARTITIONS, replication_factor, topic_configs=config)
        for name in topics
    ]
    answer = await admin.create_topics(wanted)
    for _, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error
