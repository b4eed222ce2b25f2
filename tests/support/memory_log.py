"""An event log in memory, for tests of what stands on the log.

It passes the contract of the real one (`tests/contract/test_event_log.py`), except that
there is one role, which may do everything.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC
from uuid import UUID

from shared.clock import Clock, utc_now
from shared.errors import ConflictError
from shared.eventlog import (
    GENESIS_CHAIN,
    Appended,
    DemonstrationOnlyError,
    EventIdReusedError,
    Head,
    LogRestoredError,
    RequestKey,
    StoredAnswer,
    StoredEvent,
    StoredFact,
    StreamWrite,
    UnitOfWork,
    chain_hash,
    leaf_hash,
)
from shared.eventlog.refusals import MalformedUnitError, check

_LARGEST_VERSION = 2**15 - 1


class MemoryEventLog:
    """An `EventLog` that forgets everything with its process."""

    def __init__(self, *, demonstration: bool = False, now: Clock = utc_now) -> None:
        self._events: list[StoredEvent] = []
        self._by_id: dict[UUID, StoredEvent] = {}
        self._streams: dict[str, list[StoredEvent]] = {}
        self._inbox: set[tuple[str, UUID]] = set()
        self._answers: dict[RequestKey, StoredAnswer] = {}
        self._demonstration = demonstration
        self._now = now
        self._returns = 0
        self._moved = asyncio.Event()

    async def append(self, work: UnitOfWork) -> Appended:
        check(work)
        _refuse_what_postgresql_cannot_hold(work)
        self._refuse_demonstration(work)
        known = self._known(work)
        if known is not None:
            return known
        self._check_versions(work)
        for write in work.writes:
            for number, _ in enumerate(write.events):
                self._store(write, number)
        self._inbox |= {(mark.consumer, mark.event_id) for mark in work.inbox}
        position = len(self._events)
        if work.answer is not None:
            answer = replace(work.answer, position=position)
            self._answers[work.answer.request] = answer
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return Appended(outcome="written", position=position)

    def come_back(self) -> None:
        """Tell followers that the database was away, and is back."""
        self._returns += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def read_stream(
        self, stream: str, *, after_version: int = 0, up_to_version: int | None = None
    ) -> tuple[StoredEvent, ...]:
        return tuple(self._streams.get(stream, [])[after_version:up_to_version])

    async def read_after(
        self,
        position: int,
        *,
        up_to: int | None = None,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredEvent, ...]:
        wanted = (
            event
            for event in self._events[position:up_to]
            if categories is None or event.category in categories
        )
        return tuple(event for event, _ in zip(wanted, range(limit), strict=False))

    async def facts_after(
        self,
        position: int,
        *,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredFact, ...]:
        events = await self.read_after(position, limit=limit, categories=categories)
        return tuple(
            StoredFact(e.position, e.stream, e.type, e.schema_version, e.payload)
            for e in events
        )

    async def streams(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._streams if name.startswith(prefix)))

    async def answer(self, request: RequestKey) -> StoredAnswer | None:
        return self._answers.get(request)

    async def handled(
        self, consumer: str, event_ids: Sequence[UUID]
    ) -> frozenset[UUID]:
        return frozenset(one for one in event_ids if (consumer, one) in self._inbox)

    async def head(self) -> Head:
        last = self._events[-1].chain if self._events else GENESIS_CHAIN
        return Head(len(self._events), last, 1, self._demonstration)

    async def follow(
        self,
        position: int,
        *,
        categories: Sequence[str] | None = None,
        batch: int = 500,
    ) -> AsyncIterator[tuple[tuple[StoredEvent, ...], int]]:
        if position > len(self._events):
            raise LogRestoredError(position=position, head=len(self._events))
        returns = self._returns
        while True:
            while position == len(self._events) and returns == self._returns:
                await self._moved.wait()
            if returns != self._returns:
                returns = self._returns
                yield (), position
            end = len(self._events)
            events = await self.read_after(position, limit=batch, categories=categories)
            position = events[-1].position if len(events) == batch else end
            yield events, position

    def _known(self, work: UnitOfWork) -> Appended | None:
        """Return the first answer to *work*, in the order the log looks for one."""
        events = [(w.stream, event) for w in work.writes for event in w.events]
        stored = [self._by_id.get(event.event_id) for _, event in events]
        same = [
            found is not None
            and (found.stream, found.type, found.schema_version, found.payload)
            == (stream, event.type, event.schema_version, event.payload)
            and found.occurred_at == event.occurred_at
            for found, (stream, event) in zip(stored, events, strict=True)
        ]
        if events and all(same):
            last = max(found.position for found in stored if found is not None)
            return Appended(outcome="repeated", position=last)
        if work.answer is not None and work.answer.request in self._answers:
            answer = self._answers[work.answer.request]
            return Appended(outcome="answered", position=answer.position, answer=answer)
        if any((mark.consumer, mark.event_id) in self._inbox for mark in work.inbox):
            return Appended(outcome="handled", position=len(self._events))
        if any(found is not None for found in stored):
            self._check_versions(work)
            raise EventIdReusedError
        return None

    def _check_versions(self, work: UnitOfWork) -> None:
        for write in work.writes:
            version = len(self._streams.get(write.stream, ()))
            if version != write.expected_version:
                raise ConflictError(stream=write.stream, actual_version=version)

    def _store(self, write: StreamWrite, number: int) -> None:
        new = write.events[number]
        previous = self._events[-1] if self._events else None
        now = self._now()
        event = StoredEvent(
            position=len(self._events) + 1,
            event_id=new.event_id,
            stream=write.stream,
            category=write.stream.partition("-")[0],
            version=write.expected_version + number + 1,
            type=new.type,
            schema_version=new.schema_version,
            payload=new.payload,
            metadata=new.metadata,
            occurred_at=new.occurred_at.astimezone(UTC),
            recorded_at=max(previous.recorded_at, now) if previous else now,
            leaf=b"",
            chain=b"",
        )
        leaf = leaf_hash(event)
        chain = chain_hash(previous.chain if previous else GENESIS_CHAIN, leaf)
        event = replace(event, leaf=leaf, chain=chain)
        self._events.append(event)
        self._by_id[event.event_id] = event
        self._streams.setdefault(event.stream, []).append(event)

    def _refuse_demonstration(self, work: UnitOfWork) -> None:
        if self._demonstration:
            return
        for write in work.writes:
            if any(event.type == "submission.ClockOffsetSet" for event in write.events):
                raise DemonstrationOnlyError


def _refuse_what_postgresql_cannot_hold(work: UnitOfWork) -> None:
    request = work.answer.request if work.answer else None
    texts = [
        *(event.type for write in work.writes for event in write.events),
        *(mark.consumer for mark in work.inbox),
        *((request.actor, request.route, request.key) if request else ()),
    ]
    versions = [e.schema_version for write in work.writes for e in write.events]
    if any("\0" in text for text in texts) or any(
        version > _LARGEST_VERSION for version in versions
    ):
        raise MalformedUnitError("A value of this unit cannot be stored.")
