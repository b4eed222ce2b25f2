"""Migrations: plain SQL files, numbered, each run once, all of it or nothing."""

import hashlib
from collections.abc import Mapping

import asyncpg

from shared.database.connections import connect
from shared.database.files import Migration, current_migrations
from shared.database.roles import SERVICE_ROLES, ensure_roles
from shared.errors import BadInputError, ServiceError, UnavailableError

_LOCK_KEY = int.from_bytes(hashlib.sha256(b"attest migrate").digest()[:8], signed=True)

_BOOK = """
create table if not exists public.schema_migration (
    schema_name text not null,
    file_name text not null,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp(),
    primary key (schema_name, file_name)
)
"""


class SchemaVersionError(UnavailableError):
    """The database has another schema than this code: run `attest migrate`."""


class MigrationEditedError(BadInputError):
    """A migration that has run was edited: restore it and add a new file."""


class MigrationFailedError(ServiceError):
    """A migration failed; nothing of it was kept, those before it are there."""


class NotADemonstrationError(BadInputError):
    """This log was not created for demonstration and can never become one."""


async def migrate(
    admin_url: str,
    *,
    role_passwords: Mapping[str, str] | None = None,
    demonstration: bool = False,
) -> tuple[str, ...]:
    """Bring roles and schemas up to date; return the migrations that ran now.

    *admin_url* signs in as a superuser, or as a role that may create roles and
    schemas. Safe to run twice, also at the same time; a file runs completely or not
    at all. *demonstration* decides what kind of log is created and changes no log.

    Raises:
        UnavailableError: the database does not answer.
        MigrationEditedError: a file is not what ran under its name.
        MigrationFailedError: PostgreSQL refused a file; says which and why.
        NotADemonstrationError: *demonstration* on a log that exists and is real.
    """
    connection = await connect(admin_url)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK_KEY)
        await ensure_roles(connection, role_passwords or {})
        await connection.execute(_BOOK)
        await connection.execute(
            f"grant select on public.schema_migration to {', '.join(SERVICE_ROLES)}"
        )
        await connection.execute(
            "select set_config('attest.demonstration', $1, false)",
            "on" if demonstration else "off",
        )
        ran = await _run_missing(connection)
        real = not await connection.fetchval("select demonstration from log.head")
        if demonstration and real:
            raise NotADemonstrationError
        return ran
    finally:
        await connection.close()


async def check_schema(database_url: str) -> None:
    """Return when the database has exactly the schema of this code.

    Raises:
        SchemaVersionError: it has not; says which migration differs.
        UnavailableError: the database does not answer.
    """
    connection = await connect(database_url)
    try:
        applied = await _applied(connection)
    except asyncpg.UndefinedTableError:
        applied = {}
    finally:
        await connection.close()
    wanted = {migration.name: migration.sha256 for migration in current_migrations()}
    differing = sorted(
        name
        for name in wanted.keys() | applied.keys()
        if wanted.get(name) != applied.get(name)
    )
    if differing:
        raise SchemaVersionError(differs=", ".join(differing))


async def _applied(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> dict[str, str]:
    rows = await connection.fetch(
        "select schema_name, file_name, sha256 from public.schema_migration"
    )
    return {f"{schema}/{name}": sha256 for schema, name, sha256 in rows}


async def _run_missing(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> tuple[str, ...]:
    applied = await _applied(connection)
    ran = []
    for migration in current_migrations():
        known = applied.get(migration.name)
        if known is None:
            try:
                await _run(connection, migration)
            except asyncpg.PostgresError as error:
                raise MigrationFailedError(
                    f"A migration failed, nothing of it was kept: {error.message}.",
                    schema=migration.schema,
                    file_name=migration.file_name,
                ) from error
            ran.append(migration.name)
        elif known != migration.sha256:
            raise MigrationEditedError(
                schema=migration.schema, file_name=migration.file_name
            )
    return tuple(ran)


async def _run(
    connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration
) -> None:
    async with connection.transaction():
        exists = await connection.fetchval(
            "select exists (select from pg_namespace where nspname = $1)",
            migration.schema,
        )
        if not exists:
            await connection.execute(_new_schema(migration))
        await connection.execute(
            f"set local role {migration.owner};"
            f"set local search_path = {migration.schema}"
        )
        await connection.execute(migration.sql)
        await connection.execute("reset role")
        await connection.execute(
            "insert into public.schema_migration (schema_name, file_name, sha256)"
            " values ($1, $2, $3)",
            migration.schema,
            migration.file_name,
            migration.sha256,
        )


def _new_schema(migration: Migration) -> str:
    """Return the statements that create a schema and say who may use its rows."""
    schema, owner = migration.schema, migration.owner
    create = f"create schema {schema} authorization {owner};"
    if schema == "log":  # grants of its own, in its migrations
        return create
    users = schema if schema in SERVICE_ROLES else ", ".join(SERVICE_ROLES)
    default = f"alter default privileges for role {owner} in schema {schema} grant"
    return (
        f"{create} grant usage on schema {schema} to {users};"
        f"{default} select, insert, update, delete on tables to {users};"
        f"{default} usage, select on sequences to {users}"
    )
