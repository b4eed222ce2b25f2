"""Connections to PostgreSQL, and one clear error when it does not answer."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from shared.errors import UnavailableError

SETTINGS: Mapping[str, str] = {"jit": "off", "timezone": "UTC"}
"""For every connection of ours: our queries are short, compiling them costs more."""

CONNECT_SECONDS = 10.0


async def connect(database_url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Return one connection; the caller closes it.

    Raises:
        UnavailableError: the database does not answer, or refuses this role.
    """
    try:
        return await asyncpg.connect(
            database_url, timeout=CONNECT_SECONDS, server_settings=dict(SETTINGS)
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise _unreachable(error) from error


@asynccontextmanager
async def open_pool(
    database_url: str, *, smallest: int = 1, largest: int = 8
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Yield a pool of *smallest* to *largest* connections; closes it afterwards.

    Raises:
        UnavailableError: the database does not answer, or refuses this role.
    """
    try:
        pool = await asyncpg.create_pool(
            database_url,
            min_size=smallest,
            max_size=largest,
            timeout=CONNECT_SECONDS,
            server_settings=dict(SETTINGS),
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise _unreachable(error) from error
    try:
        yield pool
    finally:
        await pool.close()


def _unreachable(error: Exception) -> UnavailableError:
    return UnavailableError(
        "The database does not answer or refuses this role: check its URL.",
        cause=type(error).__name__,
    )
