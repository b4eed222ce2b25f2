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

_DURABLE = """
select set_config('synchronous_commit', 'on', false)
where current_setting('synchronous_commit') = 'off'
"""
"""Leaves stronger settings alone; nobody is told "written" by a weaker one."""

_TRANSACTION_TIMEOUT_SINCE = 17
"""First PostgreSQL that can end a transaction whose client stopped sending midway."""


async def connect(
    database_url: str, *, transaction_seconds: float | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection of its own; errors are those of `LOST`.

    With *transaction_seconds* it is one for appending: its transactions are ended by
    the server after that time, and confirmed only when they are durable.
    """
    connection = await asyncpg.connect(
        database_url, timeout=CONNECT_SECONDS, server_settings=dict(SETTINGS)
    )
    if transaction_seconds is not None:
        await connection.execute(_DURABLE)
        if connection.get_server_version().major >= _TRANSACTION_TIMEOUT_SINCE:
            milliseconds = int(transaction_seconds * 1000)
            await connection.execute(f"set transaction_timeout = {milliseconds}")
    return connection
