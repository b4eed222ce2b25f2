"""What every user of the log depends on; one implementation keeps it in PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol
from uuid import UUID

from shared.eventlog.values import (
    Appended,
    Head,
    RequestKey,
    StoredAnswer,
    StoredEvent,
    StoredFact,
    UnitOfWork,
)


class EventLog(Protocol):
    """An append-only log, seen through what one role may write and read."""

    async def append(self, work: UnitOfWork) -> Appended:
        """Write all of *work* or nothing; return only after it is durable.

        Looked at in this order: event ids that are there already, an answer to the same
        request, a message handled before, the expected versions.

        Raises:
            ConflictError: a stream is not at the expected version.
            PayloadTooLargeError: a payload is over 64 KiB.
            BadInputError: *work* can never be stored; the context says why.
            UnavailableError: no confirmation in time. **Whether it was written is then
                unknown**: submit the same event ids again, which is harmless.
        """

    async def read_stream(
        self, stream: str, *, after_version: int = 0, up_to_version: int | None = None
    ) -> tuple[StoredEvent, ...]:
        """Return the events of *stream* in order; empty when there is no such stream.

        Raises:
            CategoryForbiddenError: this role may not read the category.
        """

    async def read_after(
        self,
        position: int,
        *,
        up_to: int | None = None,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredEvent, ...]:
        """Return at most *limit* events after *position*, of what this role may read.

        Without *up_to* it looks at as much of the log as it takes to find them; `scan`
        goes through a long stretch in steps.

        Raises:
            CategoryForbiddenError: one of *categories* is not for this role.
        """

    async def facts_after(
        self,
        position: int,
        *,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredFact, ...]:
        """Return what `read_after` would, without what only proofs and people need.

        Raises:
            CategoryForbiddenError: one of *categories* is not for this role.
        """

    async def streams(self, prefix: str) -> tuple[str, ...]:
        """Return the names that start with exactly *prefix*, in code point order."""

    async def answer(self, request: RequestKey) -> StoredAnswer | None:
        """Return what this role answered to *request*, if it ever did."""

    async def handled(
        self, consumer: str, event_ids: Sequence[UUID]
    ) -> frozenset[UUID]:
        """Return those of *event_ids* that *consumer* has handled.

        Raises:
            CategoryForbiddenError: the inbox of another consumer.
        """

    async def head(self) -> Head:
        """Return where the log ends now."""

    def follow(
        self,
        position: int,
        *,
        categories: Sequence[str] | None = None,
        batch: int = 500,
    ) -> AsyncIterator[tuple[tuple[StoredEvent, ...], int]]:
        """Yield events after *position* as they come, for ever, and how far was read.

        The second value also moves over events that are not for this reader, so the
        events may be empty; a checkpoint at it misses nothing and repeats nothing. An
        empty batch that moves nowhere comes when the database was away and is back:
        it may have lost what was stored without waiting for the disk.

        Raises:
            LogRestoredError: the log ends before *position*, or its epoch changed.
            CategoryForbiddenError: one of *categories* is not for this role.
        """
