"""Keeps every read model of one service at the head of the log."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from shared.database import DATABASE_AWAY, Connection, Pool
from shared.errors import ConflictError, UnavailableError
from shared.eventlog import Codec, EventLog, StoredEvent
from shared.projector.reach import GATHER_SECONDS, Reach
from shared.projector.read_model import ReadModel, decode, fold_into
from shared.projector.rebuilding import (
    BATCH_EVENTS,
    Beside,
    Progress,
    no_progress,
)

RETRY_SECONDS = 0.5

NEARLY_POSITIONS = 500
"""So little is left to fold that nobody minds waiting for it."""

_READ = "SELECT position FROM checkpoint"
_LOCK = """
SELECT position
FROM checkpoint, (SELECT set_config('synchronous_commit', 'off', true)) AS quick
FOR UPDATE OF checkpoint
"""
_LOCK_AND_MOVE = f"""
WITH done AS MATERIALIZED ({_LOCK})
UPDATE checkpoint SET position = greatest(checkpoint.position, $1)
FROM done
RETURNING done.position
"""  # noqa: S608 - two statements of ours, and a parameter
_SET = "UPDATE checkpoint SET position = $1"
QUIET_SAVE_SECONDS = 1.0
"""How often the checkpoint is stored while all that is new is other services': whoever
starts from an older one only passes over the same once more."""

_SKIP_TO = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE checkpoint SET position = greatest(position, $1) FROM quick
WHERE position >= $2
RETURNING position
"""


class FellBackError(ConflictError):
    """The read models went back behind what was folded: they are read again."""


class Projector:
    """Keeps every read model of one service at the head of the log."""

    def __init__(  # noqa: PLR0913 - all named, and most without a default
        self,
        *,
        service: str,
        log: EventLog,
        codec: Codec,
        pool: Pool,
        models: Sequence[ReadModel[Any]],
        workshop: Pool | None = None,
        gather_seconds: float = GATHER_SECONDS,
    ) -> None:
        """Keep *models* in the database of *pool*.

        Rebuilds take a connection for as long as they last, from *workshop* where
        there is one. In a burst it waits *gather_seconds* between two steps, unless
        somebody waits for a position.
        """
        self._service = service
        self._log = log
        self._codec = codec
        self._pool = pool
        self._models = tuple(models)
        self._reach = Reach(gather_seconds=gather_seconds)
        self._problem: str | None = None
        self._workshop = workshop or pool
        self._one_at_a_time = asyncio.Lock()

    @property
    def position(self) -> int:
        """The last log position that the read models include."""
        return self._reach.position

    @property
    def problem(self) -> str | None:
        """Why the read models stand still, for operators, or None."""
        return self._problem

    async def reached(self, position: int, *, within_seconds: float = 1.0) -> bool:
        """Wait until *position* is included; False when it takes too long.

        Source: architecture.md, "HTTP, time, drafts".
        """
        return await self._reach.reached(position, within_seconds=within_seconds)

    async def run(self) -> None:
        """Follow the log until cancelled; a lost database is waited for.

        Raises:
            LogRestoredError: the log went back while it was followed.
            UnknownFactError: newer code has written a fact; also MalformedFactError.
        """
        while True:
            try:
                await self._follow()
            except (*DATABASE_AWAY, FellBackError, UnavailableError) as error:
                reason = type(error).__name__
                self._problem = f"they stand still: {reason}"
                await self._reach.move_to(0)  # what was stored last may be lost
                structlog.get_logger().warning(
                    "projector.interrupted", service=self._service, reason=reason
                )
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        position: int = await self._pool.fetchval(_READ)
        if position > (await self._log.head()).position:
            # The log was restored from a backup: what these rows knew is gone.
            position = await self.rebuild()
        await self._moved_to(position)
        scanned, stored_at = position, time.monotonic()
        async for events, scanned_to in self._log.follow(position, batch=BATCH_EVENTS):
            if any(event.type in self._codec.types for event in events):
                await self._save(events, after=position, scanned_to=scanned_to)
            elif scanned_to > scanned and _is_recent(stored_at):
                # The usual case: most of what is appended is another service's.
                # Where it goes nowhere, the database is back, and may be an older one.
                scanned = scanned_to
                await self._moved_to(scanned_to)
                continue
            else:
                await self._pass_over(after=position, scanned_to=scanned_to)
            position = scanned = scanned_to
            stored_at = time.monotonic()
            await self._reach.gather()

    async def _save(
        self, events: Sequence[StoredEvent], *, after: int, scanned_to: int
    ) -> None:
        """Fold *events* into the rows; the checkpoint was stored at *after*."""
        async with self._pool.acquire() as connection, connection.transaction():
            done: int = await connection.fetchval(_LOCK_AND_MOVE, scanned_to)
            if done < after:
                raise FellBackError
            fresh = [event for event in events if event.position > done]
            facts = decode(self._codec, fresh)
            for model in self._models:
                await fold_into(connection, model, model.table, facts)
        await self._moved_to(max(done, scanned_to))

    async def _pass_over(self, *, after: int, scanned_to: int) -> None:
        reached: int | None = await self._pool.fetchval(_SKIP_TO, scanned_to, after)
        if reached is None:
            raise FellBackError
        await self._moved_to(reached)

    async def _moved_to(self, position: int) -> None:
        self._problem = None
        await self._reach.move_to(position)

    async def rebuild(self, progress: Progress = no_progress) -> int:
        """Fold the whole log anew and put the result in place; return its position.

        Readers see the old rows until the new ones are complete, and following goes on
        until shortly before. *progress* gets the position reached and the head.
        """
        async with self._built_beside(progress) as (beside, connection):
            async with connection.transaction():
                done: int = await connection.fetchval(_LOCK)
                await self._fold_to(beside, done, progress)
                await beside.put_in_place()
                await connection.execute(_SET, beside.position)
            position = beside.position
        await self._moved_to(position)
        return position

    async def differences(self, progress: Progress = no_progress) -> Mapping[str, int]:
        """Return, by table, how many rows differ from a rebuild at the same position.

        All zero means that the read models are exactly the fold of the log. Nobody
        waits for the comparison: it looks at one snapshot.

        Raises:
            ConflictError: the read models were put back meanwhile: ask again.
        """
        async with (
            self._built_beside(progress) as (beside, connection),
            connection.transaction(isolation="repeatable_read"),
        ):
            done: int = await connection.fetchval(_READ)
            await self._fold_to(beside, done, progress)
            if beside.position > done:
                raise FellBackError
            return await beside.differences()

    @asynccontextmanager
    async def _built_beside(
        self, progress: Progress
    ) -> AsyncIterator[tuple[Beside, Connection]]:
        """Yield tables beside that are nearly as new as the checkpoint."""
        async with self._one_at_a_time, self._workshop.acquire() as connection:
            beside = Beside(
                log=self._log,
                codec=self._codec,
                models=self._models,
                connection=connection,
            )
            async with beside.made():
                await self._fold_nearly_all(beside, connection, progress)
                yield beside, connection

    async def _fold_nearly_all(
        self, beside: Beside, connection: Connection, progress: Progress
    ) -> None:
        folded = NEARLY_POSITIONS
        while folded >= NEARLY_POSITIONS:
            before = beside.position
            await self._fold_to(beside, await connection.fetchval(_READ), progress)
            folded = beside.position - before

    async def _fold_to(self, beside: Beside, done: int, progress: Progress) -> None:
        """Fold up to the checkpoint *done*, or less when the log is shorter."""
        head = (await self._log.head()).position
        await beside.fold_up_to(min(done, head), head, progress)


def _is_recent(stored_at: float) -> bool:
    """Return whether the checkpoint was stored so lately that it may wait."""
    return time.monotonic() - stored_at < QUIET_SAVE_SECONDS
