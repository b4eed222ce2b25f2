"""Connections to PostgreSQL, and one clear error when it does not answer."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from shared.errors import UnavailableError

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = (
        asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    )
else:  # asyncpg's classes take parameters only in its stubs
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

SETTINGS: Mapping[str, str] = {"jit": "off", "timezone": "UTC"}
"""For every connection of ours: our queries are short, compiling them costs more."""

CONNECT_SECONDS = 10.0

DATABASE_ERRORS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What a query raises when the database is away or refuses; a loop waits it out."""

DATABASE_AWAY = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What a query raises when the database is restarting, full or cut off."""


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
    database_url: str, *, schema: str = "public", smallest: int = 1, largest: int = 8
) -> AsyncIterator[Pool]:
    """Yield a pool of *smallest* to *largest* connections; closes it afterwards.

    Unqualified names are those of *schema*; ``jsonb`` comes and goes as plain values.

    Raises:
        UnavailableError: the database does not answer, or refuses this role.
    """
    try:
        pool = await asyncpg.create_pool(
            database_url,
            min_size=smallest,
            max_size=largest,
            timeout=CONNECT_SECONDS,
            server_settings={**SETTINGS, "search_path": schema},
            init=_plain_json,
            reset=_as_it_is,
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise _unreachable(error) from error
    try:
        yield pool
    finally:
        await pool.close()


async def _plain_json(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )


async def _as_it_is(_: object) -> None:
    """Leave a connection as it is, but for what asyncpg does without the server.

    Transactions and listeners that were left open are ended anyway. There is nothing
    else to clear away: whoever changes a session, changes it back or ends it. Asking
    the server would be a second way there for each query.
    """


def _unreachable(error: Exception) -> UnavailableError:
    return UnavailableError(
        "The database does not answer or refuses this role: check its URL.",
        cause=type(error).__name__,
    )
