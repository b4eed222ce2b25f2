"""What is due, for one process at a time, however many run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from shared.database import DATABASE_ERRORS, Connection, Pool
from shared.errors import UnavailableError

_TAKE_DUE = """
SELECT notice_id
FROM (
    SELECT notice_id FROM notice
    WHERE next_try_at <= $1
    ORDER BY next_try_at, notice_id
    OFFSET 0
) AS due
WHERE pg_try_advisory_lock(hashtextextended('attest.notice.' || notice_id, 0))
LIMIT $2
"""
"""In order first, then locked one by one until there are enough."""


@asynccontextmanager
async def due_letters(
    pool: Pool, *, now: datetime, limit: int
) -> AsyncIterator[tuple[str, ...]]:
    """Hold letters that are due against other processes, longest waiting first.

    Those that another process holds are passed over. The locks end with the
    connection, so a process that dies leaves nothing behind.

    Raises:
        UnavailableError: the database does not answer now.
    """
    try:
        async with pool.acquire() as connection:
            try:
                found = await connection.fetch(_TAKE_DUE, now, limit)
                yield tuple(row["notice_id"] for row in found)
            finally:
                await _let_go(connection)
    except DATABASE_ERRORS as error:
        raise UnavailableError(part="database") from error


async def _let_go(connection: Connection) -> None:
    """Unlock all, or end the connection and the locks with it."""
    try:
        await connection.execute("SELECT pg_advisory_unlock_all()")
    except BaseException:
        connection.terminate()
        raise
