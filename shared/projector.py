"""Follows the log and keeps a service's read models up to date.

Invariant: rows and checkpoint move in one transaction, so a read model is always
exactly the fold of the log up to its checkpoint, and can be deleted and rebuilt. That
transaction is not waited for on disk: what a crash of the database takes back, rows and
checkpoint alike, is folded again.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import asyncpg
import structlog
from pydantic import BaseModel

from shared.database import DATABASE_AWAY, Connection, Pool
from shared.decider import Fact
from shared.errors import UnavailableError
from shared.eventlog import Codec, EventLog, StoredEvent

R = TypeVar("R", bound=BaseModel)

BATCH_EVENTS = 500
_READ = "SELECT position FROM checkpoint"
_LOCK = """
SELECT position
FROM checkpoint, (SELECT set_config('synchronous_commit', 'off', true)) AS quick
FOR UPDATE OF checkpoint
"""
_MOVE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE checkpoint SET position = greatest(position, $1) FROM quick
RETURNING position
"""
RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ReadModel(Generic[R]):
    """One question, answered by a table in the service's own schema.

    The table has ``key text primary key`` and one column per field of *row*; fields
    that are not scalars are ``jsonb``.
    """

    table: str
    row: type[R]
    key: Callable[[Any, StoredEvent], str | None]
    """The row a fact belongs to; None when the fact does not matter here."""
    fold: Callable[[R | None, Any, StoredEvent], R | None]
    """The row after the fact; pure. None while there is no row yet."""


Decoded = Sequence[tuple[Fact, StoredEvent]]
Progress = Callable[[int, int], None]


class Projector:
    """Keeps every read model of one service at the head of the log."""

    def __init__(
        self,
        *,
        service: str,
        log: EventLog,
        codec: Codec,
        pool: Pool,
        models: Sequence[ReadModel[Any]],
    ) -> None:
        self._service = service
        self._log = log
        self._codec = codec
        self._pool = pool
        self._models = tuple(models)
        self._moved = asyncio.Condition()
        self._position = 0
        self._problem: str | None = None

    @property
    def position(self) -> int:
        """The last log position that the read models include."""
        return self._position

    @property
    def problem(self) -> str | None:
        """Why the read models stand still, for operators, or None."""
        return self._problem

    async def reached(self, position: int, *, within_seconds: float = 1.0) -> bool:
        """Wait until *position* is included; False when it takes too long.

        Source: architecture.md, "HTTP, time, drafts".
        """
        try:
            async with asyncio.timeout(within_seconds), self._moved:
                await self._moved.wait_for(lambda: self._position >= position)
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Follow the log until cancelled; a lost database is waited for.

        Raises:
            LogRestoredError: the log went back while it was followed.
            UnknownFactError: newer code has written a fact; also MalformedFactError.
        """
        while True:
            try:
                await self._follow()
            except (*DATABASE_AWAY, UnavailableError) as error:
                reason = type(error).__name__
                self._problem = f"they stand still: {reason}"
                structlog.get_logger().warning("projector.interrupted", reason=reason)
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        async with self._pool.acquire() as connection:
            start = await _checkpoint(connection, lock=False)
        if start > (await self._log.head()).position:
            # The log was restored from a backup: what these rows knew is gone.
            start = await self.rebuild()
        await self._moved_to(start)
        async for events, scanned_to in self._log.follow(start, batch=BATCH_EVENTS):
            await self._save(events, scanned_to)

    async def _save(self, events: Sequence[StoredEvent], scanned_to: int) -> None:
        if not any(event.type in self._codec.types for event in events):
            # The usual case: most of what is appended is another service's.
            await self._moved_to(await self._pool.fetchval(_MOVE, scanned_to))
            return
        async with self._pool.acquire() as connection, connection.transaction():
            done = await _checkpoint(connection, lock=True)
            fresh = self._decode(event for event in events if event.position > done)
            for model in self._models:
                await _fold_into(connection, model, model.table, fresh)
            reached = max(done, scanned_to)
            await connection.execute("UPDATE checkpoint SET position = $1", reached)
        await self._moved_to(reached)

    def _decode(self, events: Iterable[StoredEvent]) -> Decoded:
        known = self._codec.types
        return [(self._codec.decode(e), e) for e in events if e.type in known]

    async def _moved_to(self, position: int) -> None:
        self._problem = None
        async with self._moved:
            self._position = position
            self._moved.notify_all()

    async def rebuild(self, progress: Progress = lambda _done, _total: None) -> int:
        """Fold the whole log anew and put the result in place; return its position.

        Readers see the old rows until the new ones are complete. *progress* gets the
        position reached and the head.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            position = await self._build_beside(connection, progress)
            for model in self._models:
                await connection.execute(f"DELETE FROM {model.table}")  # noqa: S608
                await connection.execute(
                    f"INSERT INTO {model.table} SELECT * FROM {_beside(model)}"  # noqa: S608
                )
            await connection.execute("UPDATE checkpoint SET position = $1", position)
        await self._moved_to(position)
        return position

    async def differences(
        self, progress: Progress = lambda _done, _total: None
    ) -> Mapping[str, int]:
        """Return, by table, how many rows differ from a rebuild at the same position.

        All zero means that the read models are exactly the fold of the log.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await self._build_beside(connection, progress)
            return {
                model.table: await _count_differences(connection, model)
                for model in self._models
            }

    async def _build_beside(self, connection: Connection, progress: Progress) -> int:
        head = (await self._log.head()).position
        done = min(head, await _checkpoint(connection, lock=True))
        for model in self._models:
            await connection.execute(
                f"CREATE TEMPORARY TABLE {_beside(model)} "
                f"(LIKE {model.table} INCLUDING ALL) ON COMMIT DROP"
            )
        position = 0
        while events := await self._log.read_after(position, limit=BATCH_EVENTS):
            wanted = [event for event in events if event.position <= done]
            for model in self._models:
                await _fold_into(
                    connection, model, _beside(model), self._decode(wanted)
                )
            position = events[-1].position
            progress(min(position, done), head)
            if position >= done:
                break
        return done


def _beside(model: ReadModel[Any]) -> str:
    return f"{model.table}__rebuilt"


async def _checkpoint(connection: Connection, *, lock: bool) -> int:
    position: int = await connection.fetchval(_LOCK if lock else _READ)
    return position


async def _fold_into(
    connection: Connection, model: ReadModel[R], table: str, facts: Decoded
) -> None:
    """Fold *facts* into *table*: one read and one write, however many facts."""
    keyed = [
        (key, fact, event)
        for fact, event in facts
        if (key := model.key(fact, event)) is not None
    ]
    if not keyed:
        return
    keys = {key for key, _, _ in keyed}
    found = await connection.fetch(
        f"SELECT * FROM {table} WHERE key = ANY($1)",  # noqa: S608
        list(keys),
    )
    rows: dict[str, R | None] = {
        record["key"]: row_from(model.row, record) for record in found
    }
    for key, fact, event in keyed:
        rows[key] = model.fold(rows.get(key), fact, event)
    await connection.executemany(
        _upsert(model, table),
        [_values(key, row) for key, row in rows.items() if row is not None],
    )


def _upsert(model: ReadModel[Any], table: str) -> str:
    columns = ["key", *model.row.model_fields]
    numbers = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({numbers}) "  # noqa: S608
        f"ON CONFLICT (key) DO UPDATE SET {updates}"
    )


def _values(key: str, row: BaseModel) -> list[object]:
    plain = row.model_dump(mode="json")
    values: list[object] = [key]
    for name in type(row).model_fields:
        value = getattr(row, name)
        is_nested = isinstance(plain[name], dict | list)
        values.append(plain[name] if is_nested else value)
    return values


async def _count_differences(connection: Connection, model: ReadModel[Any]) -> int:
    kept, rebuilt = model.table, _beside(model)
    count: int = await connection.fetchval(
        f"SELECT count(*) FROM ((TABLE {kept} EXCEPT ALL TABLE {rebuilt}) "  # noqa: S608
        f"UNION ALL (TABLE {rebuilt} EXCEPT ALL TABLE {kept})) AS difference"
    )
    return count


def row_from(row: type[R], record: asyncpg.Record) -> R:
    """Return the row of a read model from a database record.

    Raises:
        pydantic.ValidationError: the table does not match the model.
    """
    return row.model_validate({name: record[name] for name in row.model_fields})
