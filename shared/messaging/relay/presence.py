"""Whether the broker still holds what it confirmed.

Comparing lengths is not enough: a topic that was lost and filled again can be longer
than before. So the record at the remembered offset must have the remembered id.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException, KafkaError, KafkaTimeoutError

from shared.messaging.envelope import read_attributes
from shared.messaging.errors import BrokerLostDataError
from shared.messaging.relay.standing import ConfirmedRecord
from shared.messaging.settings import MessagingSettings
from shared.messaging.topics import PARTITIONS, topic_of

FETCH_BYTES = 256 * 1024
"""Enough for the largest single message; more would be read in vain."""

PROBE_MS = 100

READ_SECONDS = 3.0
"""For one record of each partition; a broker that is slower is asked again later."""


async def check_presence(
    settings: MessagingSettings, confirmed: Sequence[ConfirmedRecord]
) -> None:
    """Return when every record of *confirmed* is where it was.

    Raises:
        BrokerLostDataError: a record is missing, or another one is in its place.
        aiokafka.errors.KafkaError: the broker does not answer; nothing is known.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap_servers,
        client_id=f"{settings.service}-presence",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=settings.fetch_max_wait_ms,
        max_partition_fetch_bytes=FETCH_BYTES,
        request_timeout_ms=settings.request_timeout_ms,
    )
    try:
        await consumer.start()
        await _check(consumer, settings, confirmed)
    finally:
        await consumer.stop()


async def _check(
    consumer: AIOKafkaConsumer,
    settings: MessagingSettings,
    confirmed: Sequence[ConfirmedRecord],
) -> None:
    topic = topic_of(settings.service)
    cluster = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - `topics` drops the partitions
    partitions = cluster.partitions_for_topic(topic)
    if not partitions:
        raise BrokerLostDataError(f"{topic} is gone")
    if len(partitions) != PARTITIONS:
        raise BrokerLostDataError(f"{topic} has {len(partitions)} partitions")
    expected = {TopicPartition(topic, one.partition): one for one in confirmed}
    if not expected:
        return
    unread = await _compare(consumer, expected)
    if not unread:
        return
    # Only now: the embedded broker tells too small an end, behind its last batch.
    ends = await consumer.end_offsets(list(unread))
    for place, one in unread.items():
        if ends[place] <= one.offset:
            raise BrokerLostDataError(f"{topic}/{one.partition} ends at {ends[place]}")
    raise KafkaTimeoutError


async def _compare(
    consumer: AIOKafkaConsumer, expected: Mapping[Any, ConfirmedRecord]
) -> Mapping[Any, ConfirmedRecord]:
    """Compare each record with its place; return those that could not be read."""
    consumer.assign(list(expected))
    for place, one in expected.items():
        consumer.seek(place, one.offset)
    waiting = dict(expected)
    deadline = time.monotonic() + READ_SECONDS
    while waiting and time.monotonic() < deadline:
        for place, one in list(waiting.items()):
            record = await _first_record(consumer, place)
            if record is None:
                continue
            if record.offset != one.offset or not _is(record, one):
                raise BrokerLostDataError(f"{place.topic}/{place.partition} differs")
            del waiting[place]
    return waiting


async def _first_record(consumer: AIOKafkaConsumer, place: Any) -> Any:
    """Return the next record of one partition, None when it is not there yet.

    Exactly one is parsed: what others wrote behind it may be unreadable.

    Raises:
        BrokerLostDataError: it is not even a record.
    """
    try:
        found = await consumer.getmany(place, timeout_ms=PROBE_MS, max_records=1)
    except (ValueError, CorruptRecordException) as error:
        raise BrokerLostDataError(
            f"{place.topic}/{place.partition} is unreadable"
        ) from error
    return found[place][0] if found else None


def _is(record: Any, one: ConfirmedRecord) -> bool:
    try:
        return read_attributes(record.headers).id == one.ce_id
    except ValueError:
        return False


async def keep_checking(check: Any, every_seconds: float) -> None:
    """Run *check* every *every_seconds*; a broker that does not answer is no proof.

    Raises:
        BrokerLostDataError: *check* found that something is gone.
    """
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await check()
        except (KafkaError, OSError):
            continue
