"""The key store in PostgreSQL: apart from the log, and durable."""

import asyncio
from contextlib import AsyncExitStack, suppress

import asyncpg
import pytest
from pydantic import SecretStr

from shared.crypto import KeyStorePlacementError, open_keystore
from shared.crypto.postgres_table import PostgresKeyTable
from shared.errors import UnavailableError
from tests.support.embedded import FreshDatabase
from tests.support.keys import NOW, SECRET


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class TestPostgresKeyTable:
    async def test_refuses_the_database_of_the_log(
        self, fresh_database: FreshDatabase
    ) -> None:
        await execute(fresh_database.url, "CREATE SCHEMA log")

        with pytest.raises(KeyStorePlacementError, match="one of its own"):
            async with open_keystore(SecretStr(fresh_database.url), SECRET):
                pass

    async def test_is_created_once_when_many_processes_start_at_once(
        self, fresh_database: FreshDatabase
    ) -> None:
        url = SecretStr(fresh_database.url)
        async with AsyncExitStack() as stack:
            opening = [
                stack.enter_async_context(open_keystore(url, SECRET)) for _ in range(6)
            ]
            stores = await asyncio.gather(*opening)

            keys = await asyncio.gather(*[s.key_for("ana", at=NOW) for s in stores])

        assert len({key.id for key in keys}) == 1

    async def test_commits_to_disk_whatever_the_default_is(
        self, fresh_database: FreshDatabase
    ) -> None:
        name = fresh_database.name
        await execute(
            fresh_database.url, f"ALTER DATABASE {name} SET synchronous_commit = off"
        )

        async with open_keystore(SecretStr(fresh_database.url), SECRET) as store:
            table = store._table
            assert isinstance(table, PostgresKeyTable)
            assert await table._pool.fetchval("SHOW synchronous_commit") == "on"

    async def test_answers_again_after_its_connections_were_cut(
        self, fresh_database: FreshDatabase
    ) -> None:
        async with open_keystore(SecretStr(fresh_database.url), SECRET) as store:
            key = await store.key_for("ana", at=NOW)
            await execute(
                fresh_database.url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'attest-keystore'"
                " AND datname = current_database()",
            )
            # The cut may be noticed at this call; the next one connects anew.
            with suppress(UnavailableError):
                await store.key_for("ana", at=NOW)

            assert await store.key_for("ana", at=NOW) == key
