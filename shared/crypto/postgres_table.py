"""Keys in a PostgreSQL database of their own, for several processes and machines.

Its role, backups and operators are others than the log's. A commit is on disk when it
returns: synchronous_commit is set here, whatever the server's default is.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from shared.crypto.keystore import KeyRow, KeyStorePlacementError
from shared.errors import UnavailableError

_NOT_ANSWERING = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
CONNECTIONS_MAX = 4
"""Key look-ups are short and mostly cached, so a few connections serve a process."""
CONNECT_SECONDS = 10.0

SCHEMA_LOCK = 0x6174_7465_7374_6B73
"""Advisory lock ("attestks") that lets one process at a time create the tables."""

SCHEMA = """
    CREATE SCHEMA IF NOT EXISTS keystore;
    CREATE TABLE IF NOT EXISTS keystore.key_check (
        only_one boolean PRIMARY KEY CHECK (only_one),
        value bytea NOT NULL
    );
    CREATE TABLE IF NOT EXISTS keystore.person_key (
        subject text PRIMARY KEY,
        key_id text NOT NULL UNIQUE,
        wrapped bytea,
        created_at timestamptz NOT NULL,
        destroyed_at timestamptz,
        CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
    );
"""
SCHEMA_EXISTS = "SELECT to_regclass('keystore.person_key') IS NOT NULL"
LOG_IS_HERE = "SELECT to_regnamespace('log') IS NOT NULL"
HOLD_CHECK = """
    INSERT INTO keystore.key_check VALUES (true, $1) ON CONFLICT DO NOTHING
"""
READ_CHECK = "SELECT value FROM keystore.key_check"
ADD = """
    INSERT INTO keystore.person_key
        (subject, key_id, wrapped, created_at, destroyed_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject) DO NOTHING
"""
DESTROY = """
    INSERT INTO keystore.person_key
        (subject, key_id, wrapped, created_at, destroyed_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (subject) DO UPDATE SET
        wrapped = NULL,
        destroyed_at = coalesce(person_key.destroyed_at, excluded.destroyed_at)
"""
VACUUM = "VACUUM keystore.person_key"
_COLUMNS = """
    SELECT subject, key_id, wrapped, created_at, destroyed_at FROM keystore.person_key
"""
OF_SUBJECT = _COLUMNS + " WHERE subject = $1"
OF_IDS = _COLUMNS + " WHERE key_id = ANY ($1::text[])"
DESTROYED = _COLUMNS + " WHERE destroyed_at IS NOT NULL ORDER BY destroyed_at, subject"


class PostgresKeyTable:
    """A `KeyTable` in schema ``keystore`` of one database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def create_schema(self) -> None:
        """Create what is missing.

        Raises:
            KeyStorePlacementError: this is the database of the log.
        """
        with _answering():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    "SELECT pg_advisory_xact_lock($1)", SCHEMA_LOCK
                )
                if await connection.fetchval(LOG_IS_HERE):
                    raise KeyStorePlacementError
                if not await connection.fetchval(SCHEMA_EXISTS):
                    await connection.execute(SCHEMA)

    async def hold_check(self, value: bytes) -> bytes:
        with _answering():
            await self._pool.execute(HOLD_CHECK, value)
            return bytes(await self._pool.fetchval(READ_CHECK))

    async def add(self, row: KeyRow) -> KeyRow:
        return await self._write(ADD, row)

    async def of_subject(self, subject: str) -> KeyRow | None:
        rows = await self._read(OF_SUBJECT, subject)
        return rows[0] if rows else None

    async def of_ids(self, key_ids: Sequence[str]) -> tuple[KeyRow, ...]:
        return await self._read(OF_IDS, list(key_ids))

    async def destroy(self, gravestone: KeyRow) -> KeyRow:
        row = await self._write(DESTROY, gravestone)
        with _answering():
            # The old row version would otherwise stay readable in its page.
            await self._pool.execute(VACUUM)
        return row

    async def destroyed(self) -> tuple[KeyRow, ...]:
        return await self._read(DESTROYED)

    async def _read(self, statement: str, *values: object) -> tuple[KeyRow, ...]:
        with _answering():
            found = await self._pool.fetch(statement, *values)
        return tuple(KeyRow(**row) for row in found)

    async def _write(self, statement: str, row: KeyRow) -> KeyRow:
        with _answering():
            await self._pool.execute(
                statement,
                row.subject,
                row.key_id,
                row.wrapped,
                row.created_at,
                row.destroyed_at,
            )
        (stored,) = await self._read(OF_SUBJECT, row.subject)
        return stored


@asynccontextmanager
async def open_postgres_table(url: str) -> AsyncIterator[PostgresKeyTable]:
    """Open the keys in the PostgreSQL database *url*, creating tables if missing."""
    with _answering():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS_MAX,
            timeout=CONNECT_SECONDS,
            command_timeout=CONNECT_SECONDS,
            server_settings={
                "application_name": "attest-keystore",
                "synchronous_commit": "on",
            },
        )
    async with pool:
        table = PostgresKeyTable(pool)
        await table.create_schema()
        yield table


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a database that does not answer into an error callers know."""
    try:
        yield
    except _NOT_ANSWERING as error:
        message = "The key store does not answer."
        raise UnavailableError(message, reason=type(error).__name__) from error
