"""One process at a time tries a letter, however many run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.database import DATABASE_ERRORS, Connection, Pool
from shared.errors import UnavailableError


@asynccontextmanager
async def sending_alone(pool: Pool, notice_id: str) -> AsyncIterator[bool]:
    """Hold a letter against other processes; False when one of them holds it.

    The lock ends with the connection, so a process that dies leaves nothing behind.

    Raises:
        UnavailableError: the database does not answer now.
    """
    key = f"attest.notice.{notice_id}"
    try:
        async with pool.acquire() as connection:
            is_mine: bool = await connection.fetchval(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", key
            )
            try:
                yield is_mine
            finally:
                if is_mine:
                    await _let_go(connection, key)
    except DATABASE_ERRORS as error:
        raise UnavailableError(part="database") from error


async def _let_go(connection: Connection, key: str) -> None:
    """Unlock, or end the connection and the lock with it."""
    try:
        await connection.execute(
            "SELECT pg_advisory_unlock(hashtextextended($1, 0))", key
        )
    except BaseException:
        connection.terminate()
        raise
