"""Reads past records that aiokafka cannot even parse.

A header whose name is not UTF-8, or a record whose checksum is wrong, makes `getmany`
raise for ever: nothing of any partition of the member would arrive any more. Here such
a record becomes one without content, which is then parked like everything unreadable.

Invariant: only the offset that cannot be read is passed over. When `getmany` raises it
may already have moved the positions of other partitions and dropped their records, so
all of them are read again from where they are settled. Should a record of ours hide
behind the unreadable one in the same record batch, its successor names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka.errors import CorruptRecordException

UNPARSABLE = (ValueError, CorruptRecordException)
"""``UnicodeDecodeError`` is a ``ValueError``."""

PROBE_MS = 200
"""How long to wait for one partition while the one at fault is looked for."""

QUIET_MS = 500
"""How long to wait for records at least: they come as soon as there are some, and
FastStream takes a pause of its own after each time that there were none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutContent:
    """Stands for a record of which only the place is known."""

    topic: str
    partition: int
    offset: int
    key: bytes | None = None
    value: bytes | None = None
    headers: Sequence[tuple[str, bytes]] = ()


Found = Mapping[Any, Sequence[Any]]


def read_past_unreadable(member: Any, return_to_settled: Callable[[], None]) -> None:
    """Make ``getmany`` of *member*, a consumer of aiokafka, survive such records.

    *return_to_settled* seeks every partition to where it is settled. Doing this twice
    is harmless.
    """
    getmany = type(member).getmany.__get__(member)

    async def guarded(
        *places: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> Found:
        try:
            found: Found = await getmany(
                *places, timeout_ms=max(timeout_ms, QUIET_MS), max_records=max_records
            )
        except UNPARSABLE:
            return_to_settled()
            return await _one_step(member, getmany)
        return found

    member.getmany = guarded


async def _one_step(member: Any, getmany: Any) -> Found:
    """Return one record of some partition, or the stand-in for one."""
    for place in sorted(member.assignment()):
        try:
            found: Found = await getmany(place, timeout_ms=PROBE_MS, max_records=1)
        except UNPARSABLE as error:
            return {place: [await _pass_over(member, place, error)]}
        if found:
            return found
    return {}


async def _pass_over(member: Any, place: Any, error: Exception) -> WithoutContent:
    offset: int = await member.position(place)
    member.seek(place, offset + 1)
    structlog.get_logger().error(
        "consumer.unparsable",
        topic=place.topic,
        partition=place.partition,
        offset=offset,
        reason=type(error).__name__,
    )
    return WithoutContent(topic=place.topic, partition=place.partition, offset=offset)
