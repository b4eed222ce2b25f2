"""The log in PostgreSQL, as one service role sees it.

Invariant: everything goes through the functions of schema ``log``; there is no other
way in for a service.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import stamina

from shared.errors import UnavailableError
from shared.eventlog.committer import Committer
from shared.eventlog.connecting import CONNECT_SECONDS, LOST, SETTINGS
from shared.eventlog.following import HeadWatch, LogRestoredError
from shared.eventlog.refusals import check, refusal
from shared.eventlog.scanning import next_step
from shared.eventlog.sharing import SHARED_POSITIONS, SharedReads
from shared.eventlog.values import (
    Appended,
    Head,
    RequestKey,
    StoredAnswer,
    StoredEvent,
    StoredFact,
    UnitOfWork,
)

_MAX_VERSION = 2**62
_READ_SECONDS = 30.0
_PROBE_SECONDS = 2.0

_READ_AFTER = "select * from log.read_after($1, $2, $3, $4)"
_FACTS_AFTER = "select * from log.facts_after($1, $2, $3)"
_READ_STREAM = "select * from log.read_stream($1, $2, $3)"
_STREAMS = "select * from log.streams($1)"
_ANSWER = "select body_sha256, status, body, position from log.answer($1, $2, $3)"
_HANDLED = "select * from log.handled($1, $2)"
_FORGET_ANSWERS = "select log.forget_answers()"
_OWN_CATEGORIES = "select log.own_categories()"
_HEAD = "select position, chain, epoch, demonstration from log.head()"


class PostgresEventLog:
    """An `EventLog`: a committer, a small pool for reading, a watch on the head."""

    def __init__(
        self,
        committer: Committer,
        pool: "asyncpg.Pool[asyncpg.Record]",
        watch: HeadWatch,
    ) -> None:
        self._committer = committer
        self._pool = pool
        self._watch = watch
        self._shared = SharedReads(
            lambda after, up_to: self.read_after(after, up_to=up_to)
        )

    async def problem(self) -> str | None:
        """Return why nothing can be appended or read now, for operators, or None."""
        if self._committer.problem is not None:
            return self._committer.problem
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._pool.fetchrow(_HEAD)
        except (*LOST, asyncpg.PostgresError) as error:
            return f"PostgreSQL does not answer: {type(error).__name__}"
        return None

    async def append(self, work: UnitOfWork) -> Appended:
        check(work)
        appended = await self._committer.append(work)
        if appended.outcome == "answered" and work.answer is not None:
            return replace(appended, answer=await self.answer(work.answer.request))
        return appended

    async def read_stream(
        self, stream: str, *, after_version: int = 0, up_to_version: int | None = None
    ) -> tuple[StoredEvent, ...]:
        newest = _MAX_VERSION if up_to_version is None else up_to_version
        rows = await self._fetch(_READ_STREAM, stream, after_version, newest)
        return tuple(StoredEvent(*row) for row in rows)

    async def read_after(
        self,
        position: int,
        *,
        up_to: int | None = None,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredEvent, ...]:
        wanted = None if categories is None else list(categories)
        last = _MAX_VERSION if up_to is None else up_to
        rows = await self._fetch(_READ_AFTER, position, last, wanted, limit)
        return tuple(StoredEvent(*row) for row in rows)

    async def facts_after(
        self,
        position: int,
        *,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredFact, ...]:
        wanted = None if categories is None else list(categories)
        rows = await self._fetch(_FACTS_AFTER, position, wanted, limit)
        return tuple(map(StoredFact._make, rows))

    async def streams(self, prefix: str) -> tuple[str, ...]:
        return tuple(row[0] for row in await self._fetch(_STREAMS, prefix))

    async def answer(self, request: RequestKey) -> StoredAnswer | None:
        rows = await self._fetch(_ANSWER, request.actor, request.route, request.key)
        if not rows:
            return None
        return StoredAnswer(request=request, **dict(rows[0]))

    async def handled(
        self, consumer: str, event_ids: Sequence[UUID]
    ) -> frozenset[UUID]:
        rows = await self._fetch(_HANDLED, consumer, list(event_ids))
        return frozenset(row[0] for row in rows)

    async def head(self) -> Head:
        return Head(*(await self._fetch(_HEAD))[0])

    async def forget_answers(self) -> int:
        """Delete the stored answers older than 30 days; return how many there were.

        Raises:
            UnavailableError: PostgreSQL does not answer in time.
        """
        count: int = (await self._fetch(_FORGET_ANSWERS))[0][0]
        return count

    async def follow(
        self,
        position: int,
        *,
        categories: Sequence[str] | None = None,
        batch: int = 500,
    ) -> AsyncIterator[tuple[tuple[StoredEvent, ...], int]]:
        returns = self._watch.returns
        end = await self.head()
        if position > end.position:
            raise LogRestoredError(position=position, head=end.position)
        # Refuses categories that are not for this role: a shared read leaves them out.
        await self.read_after(position, up_to=position, categories=categories)
        readable = await self._readable()
        self._watch.start(end, readable)
        wanted = readable if categories is None else frozenset(categories)
        while True:
            known = await self._watch.beyond(position, wanted, returns=returns)
            head = known.position
            if known.returns > returns:
                returns = known.returns
                yield (), position
            if head > position >= known.wanted:
                yield (), head
                position = head
            while position < head:
                if head - position <= min(batch, SHARED_POSITIONS):
                    events = await self._shared.between(position, head)
                    yield _only(categories, events), head
                    position = head
                    continue
                events, position = await next_step(
                    self, position, head, categories=categories, batch=batch
                )
                yield events, position

    async def _readable(self) -> frozenset[str] | None:
        """Return the categories that this role may read; None is all."""
        own = (await self._fetch(_OWN_CATEGORIES))[0][0]
        return None if own is None else frozenset(own)

    def stop_sharing(self) -> None:
        """Give up what followers were about to read: there are none any more."""
        self._shared.close()

    async def _fetch(self, query: str, *arguments: Any) -> "list[asyncpg.Record]":
        """Return the rows; a lost connection is tried again, for reads change nothing.

        Raises:
            UnavailableError: PostgreSQL does not answer in time.
            ServiceError: it refused.
        """
        try:
            try:
                return await self._pool.fetch(query, *arguments)
            except LOST:
                return await self._fetch_again(query, *arguments)
        except LOST as error:
            raise UnavailableError(cause=type(error).__name__) from error
        except asyncpg.PostgresError as error:
            raise refusal(error) or error from error

    async def _fetch_again(self, query: str, *arguments: Any) -> "list[asyncpg.Record]":
        """Return the rows once PostgreSQL is back, with pauses between the tries."""
        async for attempt in stamina.retry_context(
            on=LOST, attempts=None, timeout=_READ_SECONDS, wait_max=1.0
        ):
            with attempt:
                return await self._pool.fetch(query, *arguments)
        raise AssertionError  # retry_context ends by returning or raising


def _only(
    categories: Sequence[str] | None, events: tuple[StoredEvent, ...]
) -> tuple[StoredEvent, ...]:
    if categories is None:
        return events
    return tuple(event for event in events if event.category in categories)


@asynccontextmanager
async def open_log(
    database_url: str,
    *,
    deadline_seconds: float = 30.0,
    call_seconds: float = 10.0,
    poll_seconds: float = 0.5,
    readers: int = 4,
) -> AsyncIterator[PostgresEventLog]:
    """Yield the log as the role in *database_url* sees it.

    Its own connections: one that appends, up to *readers* that read, one that watches
    the head (opened by the first `follow`). Whoever appends is told within about
    *deadline_seconds*; one call to PostgreSQL may take *call_seconds*.

    Raises:
        UnavailableError: PostgreSQL does not answer, or refuses this role.
    """
    committer = Committer(
        database_url, deadline_seconds=deadline_seconds, call_seconds=call_seconds
    )
    watch = HeadWatch(database_url, poll_seconds=poll_seconds)
    try:
        await committer.start()
        pool = await asyncpg.create_pool(
            database_url,
            min_size=1,
            max_size=readers,
            timeout=CONNECT_SECONDS,
            command_timeout=_READ_SECONDS,
            server_settings=dict(SETTINGS),
            reset=_as_it_is,
        )
    except (*LOST, asyncpg.PostgresError) as error:
        await committer.close()
        raise UnavailableError(
            "The log cannot be opened: check DATABASE_URL, and run `attest migrate`.",
            cause=type(error).__name__,
        ) from error
    log = PostgresEventLog(committer, pool, watch)
    try:
        yield log
    finally:
        log.stop_sharing()
        await watch.close()
        await committer.close()
        await pool.close()


async def _as_it_is(_: object) -> None:
    """Leave a connection that was read with as it is.

    There is nothing for asyncpg's own reset to clear away, which is as long a way to
    the server as the reading itself.
    """
