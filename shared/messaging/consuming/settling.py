"""One batch from the broker at a time: screen, settle, store the places, commit.

Invariant: nothing is committed, and no place stored, before everything up to it is
handled, known, for others, or parked. A failure on the way reads the batch again.
"""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from shared.messaging.arrivals import Reader
from shared.messaging.consuming.course import Course
from shared.messaging.consuming.holding import Holding
from shared.messaging.consuming.lanes import LaneWork
from shared.messaging.consuming.reading import Seeker
from shared.messaging.consuming.unreadable import read_past_unreadable
from shared.messaging.envelope import Record
from shared.messaging.metrics import COMMIT_FAILURES
from shared.messaging.settings import MessagingSettings
from shared.messaging.tasks import cancelled
from shared.messaging.topics import topic_of

PAUSE_AFTER_FAILURE_SECONDS = 1.0

COMMIT_SECONDS = 1.0
"""How often the group is told the offsets, for those who watch it from outside: where
this consumer goes on is in the database."""


class GroupMember(Seeker, Protocol):
    """What is needed of the consumer of aiokafka."""

    async def commit(self, offsets: dict[Any, int]) -> None:
        """Tell the group where this consumer stands."""


class Settling(ConsumerRebalanceListener):  # type: ignore[misc]  # untyped
    """Settles batches, and gives partitions away only between two of them."""

    def __init__(
        self,
        *,
        consumer: str,
        reader: Reader,
        course: Course,
        work: LaneWork,
        settings: MessagingSettings,
        holding: Holding | None = None,
    ) -> None:
        self._consumer = consumer
        self._reader = reader
        self._course = course
        self._work = work
        self._drain_seconds = settings.drain_seconds
        self._gather_seconds = settings.gather_seconds
        self._holding = holding
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None
        self._member: Callable[[], GroupMember | None] = lambda: None
        self.last_batch_at = time.monotonic()
        self._seen_batch_at = 0.0
        self._offsets: dict[Any, int] = {}
        self._committed_at = -math.inf

    def join(self, member: Callable[[], GroupMember | None]) -> None:
        """Seek and commit with what *member* returns; None before it is started."""
        self._member = member

    async def __call__(self, records: Sequence[Any]) -> None:
        """Settle one batch of records of aiokafka; never raises but when cancelled."""
        before = self.last_batch_at
        async with self._turn:
            running = asyncio.create_task(self._settle(records))
            self._running = running
            try:
                await asyncio.wait([running])
            finally:
                self._running = None
                await cancelled(running)
            await self._conclude(running)
        if self.last_batch_at - before < self._gather_seconds:
            # A burst: the next batch shall be larger.
            await asyncio.sleep(self._gather_seconds)

    async def watch_fillings(self) -> None:
        """Start over in topics that are in a newer era."""
        async with self._turn:
            member = self._member()
            if member is not None:
                await self._course.watch_fillings(member)

    async def catch_up(self) -> None:
        """Read again what is behind, when nothing has arrived since the last call.

        Whatever dropped it on the way here, or lost that it was settled.
        """
        last, self._seen_batch_at = self._seen_batch_at, self.last_batch_at
        async with self._turn:
            await self._commit()
            member = self._member()
            if member is None or last != self.last_batch_at:
                return
            if await self._course.read_again(member):
                structlog.get_logger().warning(
                    "consumer.reads_again", consumer=self._consumer
                )

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Let the batch in flight end, as long as there is time; then give it up."""
        if not revoked:
            return
        try:
            async with asyncio.timeout(self._drain_seconds), self._turn:
                self._drop()
        except TimeoutError:
            structlog.get_logger().warning(
                "consumer.drain_timed_out", consumer=self._consumer
            )
            if self._running is not None:
                self._running.cancel()
            async with self._turn:
                self._drop()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Read on from the stored places."""
        async with self._turn:
            self._drop()
            member = self._joined()
            read_past_unreadable(member, self._return_to_settled)
            if self._holding is not None:
                self._holding.hold(member)
            await self._course.take_up(assigned, member)

    async def _settle(self, records: Sequence[Any]) -> None:
        member = self._joined()
        arrivals = [self._reader(_record(one)) for one in records]
        takeable, places = await self._course.screen(arrivals, member)
        if takeable:
            await self._work.settle(takeable)
        await self._course.settled(places)
        self._offsets |= {
            TopicPartition(topic_of(source), partition): place.next_offset
            for (source, partition), place in places.items()
        }
        self.last_batch_at = time.monotonic()
        if self.last_batch_at - self._committed_at >= COMMIT_SECONDS:
            await self._commit()

    def _drop(self) -> None:
        """Forget all partitions: they are being given to somebody else."""
        self._course.drop()
        self._offsets.clear()

    async def _conclude(self, ended: "asyncio.Task[None]") -> None:
        """Read the batch again when it was given up or failed."""
        if ended.cancelled():
            return  # its partitions are on their way to another member
        failure = ended.exception()
        if failure is None:
            return
        structlog.get_logger().error(
            "consumer.batch_failed",
            consumer=self._consumer,
            reasons=sorted(set(_names(failure))),
        )
        self._return_to_settled()
        await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)

    async def _commit(self) -> None:
        """Tell the group the offsets; the database holds them already."""
        offsets, self._offsets = self._offsets, {}
        member = self._member()
        if not offsets or member is None:
            return
        self._committed_at = time.monotonic()
        try:
            await member.commit(offsets)
        except (KafkaError, IllegalStateError, OSError) as error:
            COMMIT_FAILURES.labels(self._consumer).inc()
            structlog.get_logger().warning(
                "consumer.commit_refused",
                consumer=self._consumer,
                reason=type(error).__name__,
            )

    def _return_to_settled(self) -> None:
        self._course.return_to_settled(self._joined())

    def _joined(self) -> GroupMember:
        member = self._member()
        if member is None:
            raise RuntimeError("the consumer is not started")
        return member


def _names(failure: BaseException) -> list[str]:
    """Return the names of what failed: the words might quote a message."""
    if isinstance(failure, BaseExceptionGroup):
        return [name for one in failure.exceptions for name in _names(one)]
    return [type(failure).__name__]


def _record(raw: Any) -> Record:
    return Record(
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value,
        headers=tuple(raw.headers),
    )
