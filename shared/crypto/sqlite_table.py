"""Keys in a SQLite file, for the embedded mode: one file, no server.

One connection in one thread of its own; several stores, also in other processes, may
have the same file open. A commit is on disk when it returns (WAL, synchronous=FULL).
"""

import asyncio
import fcntl
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from shared.crypto.keystore import KeyRow
from shared.errors import UnavailableError

T = TypeVar("T")

BUSY_SECONDS = 10.0
"""Longest wait for another process's write, many times what one takes (ours)."""

SCHEMA = """
    CREATE TABLE IF NOT EXISTS key_check (
        only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        value BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS person_key (
        subject TEXT PRIMARY KEY,
        key_id TEXT NOT NULL UNIQUE,
        wrapped BLOB,
        created_at TEXT NOT NULL,
        destroyed_at TEXT,
        CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
"""
HOLD_CHECK = "INSERT INTO key_check VALUES (1, ?) ON CONFLICT DO NOTHING"
READ_CHECK = "SELECT value FROM key_check"
ADD = """
    INSERT INTO person_key (subject, key_id, wrapped, created_at, destroyed_at)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject) DO NOTHING
"""
DESTROY = """
    INSERT INTO person_key (subject, key_id, wrapped, created_at, destroyed_at)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET
        wrapped = NULL, destroyed_at = coalesce(destroyed_at, excluded.destroyed_at)
"""
_COLUMNS = "SELECT subject, key_id, wrapped, created_at, destroyed_at FROM person_key"
OF_SUBJECT = _COLUMNS + " WHERE subject = ?"
OF_IDS = _COLUMNS + " WHERE key_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
DESTROYED = _COLUMNS + " WHERE destroyed_at IS NOT NULL ORDER BY destroyed_at, subject"


class SqliteKeyTable:
    """A `KeyTable` in one SQLite file."""

    def __init__(self, path: Path, thread: ThreadPoolExecutor) -> None:
        self._path = path
        self._thread = thread
        self._connection: sqlite3.Connection | None = None

    async def connect(self) -> None:
        """Open the file, readable by its owner alone, and create what is missing."""
        await self._run(self._connect)

    async def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            await self._run(self._connection.close)

    async def hold_check(self, value: bytes) -> bytes:
        return await self._run(lambda: self._hold_check(value))

    async def add(self, row: KeyRow) -> KeyRow:
        return await self._run(lambda: self._write(ADD, row))

    async def of_subject(self, subject: str) -> KeyRow | None:
        rows = await self._run(lambda: self._read(OF_SUBJECT, subject))
        return rows[0] if rows else None

    async def of_ids(self, key_ids: Sequence[str]) -> tuple[KeyRow, ...]:
        return await self._run(lambda: self._read(OF_IDS, json.dumps(list(key_ids))))

    async def destroy(self, gravestone: KeyRow) -> KeyRow:
        return await self._run(lambda: self._destroy(gravestone))

    async def destroyed(self) -> tuple[KeyRow, ...]:
        return await self._run(lambda: self._read(DESTROYED))

    async def _run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, work)
        except (sqlite3.DatabaseError, OSError) as error:
            message = "The key store does not answer."
            raise UnavailableError(message, reason=type(error).__name__) from error

    def _connect(self) -> None:
        with _opening(self._path):
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            # Never on a file that is in use: closing it would drop SQLite's own locks.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(SCHEMA)
        return connection

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        if self._connection is None:
            message = "the key store is not open"
            raise sqlite3.OperationalError(message)
        return self._connection.execute(statement, values)

    def _hold_check(self, value: bytes) -> bytes:
        self._execute(HOLD_CHECK, value)
        (stored,) = self._execute(READ_CHECK).fetchone()
        return bytes(stored)

    def _read(self, statement: str, *values: object) -> tuple[KeyRow, ...]:
        return tuple(_row(*found) for found in self._execute(statement, *values))

    def _write(self, statement: str, row: KeyRow) -> KeyRow:
        self._execute(
            statement,
            row.subject,
            row.key_id,
            row.wrapped,
            row.created_at.isoformat(),
            row.destroyed_at and row.destroyed_at.isoformat(),
        )
        (stored,) = self._read(OF_SUBJECT, row.subject)
        return stored

    def _destroy(self, gravestone: KeyRow) -> KeyRow:
        row = self._write(DESTROY, gravestone)
        # The old bytes are still in the write-ahead log until it is cut.
        self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return row


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Let one store at a time open *path*: the change to WAL waits for nobody."""
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@asynccontextmanager
async def open_sqlite_table(path: Path) -> AsyncIterator[SqliteKeyTable]:
    """Open the keys in the SQLite file *path*, creating it when it is missing."""
    with ThreadPoolExecutor(1, thread_name_prefix="keystore") as thread:
        table = SqliteKeyTable(path, thread)
        await table.connect()
        try:
            yield table
        finally:
            await table.close()


def _row(
    subject: str,
    key_id: str,
    wrapped: bytes | None,
    created: str,
    destroyed: str | None,
) -> KeyRow:
    return KeyRow(
        key_id=key_id,
        subject=subject,
        wrapped=wrapped,
        created_at=datetime.fromisoformat(created),
        destroyed_at=datetime.fromisoformat(destroyed) if destroyed else None,
    )
