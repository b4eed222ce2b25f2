"""Sessions with the server: is it ready, and does it have our database?"""

import asyncio
import time

import asyncpg

from shared.embedded.child import ChildProcess
from shared.errors import UnavailableError

_READY_SECONDS = 60.0
"""Recovery after a crash replays up to max_wal_size; seconds on any disk."""
_POLL_SECONDS = 0.01


class PostgresNotRunningError(UnavailableError):
    """The embedded PostgreSQL is not running: start it first."""


async def answers(url: str, server: ChildProcess) -> bool:
    """Wait until *server* takes a session at *url*; False when it ended instead.

    Raises:
        PostgresNotRunningError: it neither answers nor ends.
    """
    deadline = time.monotonic() + _READY_SECONDS
    while server.running:
        try:
            connection = await asyncpg.connect(url, ssl=False)
        except (OSError, asyncpg.CannotConnectNowError) as error:
            if time.monotonic() > deadline:
                message = f"PostgreSQL did not answer within {_READY_SECONDS:.0f} s"
                raise PostgresNotRunningError(message) from error
            await asyncio.sleep(_POLL_SECONDS)
        else:
            await connection.close()
            return True
    return False


async def ensure_database(url: str, name: str) -> None:
    """Create the database *name* unless it is there."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        if not await connection.fetchval(query, name):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
