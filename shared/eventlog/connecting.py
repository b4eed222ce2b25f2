"""Connecting to PostgreSQL for the log, and which failures mean a lost connection."""

from collections.abc import Mapping

import asyncpg

LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.CannotConnectNowError,
)
"""After one of these nobody knows whether the last statement was carried out, or the
server could not carry out anything: connect again and ask again."""

CONNECT_SECONDS = 5.0

SETTINGS: Mapping[str, str] = {
    "application_name": "attest log",
    "timezone": "UTC",
    # Our statements are short: compiling or planning them anew costs more than it
    # saves. A table that was empty when a plan was made must not be scanned later on.
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

_TRANSACTION_TIMEOUT_SINCE = 17
"""First PostgreSQL that can end a transaction whose client stopped sending midway."""


async def connect(
    database_url: str, *, transaction_seconds: float | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection of its own; errors are those of `LOST`."""
    connection = await asyncpg.connect(
        database_url,
        timeout=CONNECT_SECONDS,
        server_settings=dict(SETTINGS),
        statement_cache_size=0 if transaction_seconds is not None else 100,
    )
    major = connection.get_server_version().major
    if transaction_seconds is not None and major >= _TRANSACTION_TIMEOUT_SINCE:
        milliseconds = int(transaction_seconds * 1000)
        await connection.execute(f"set transaction_timeout = {milliseconds}")
    return connection
