"""Migrations run once, completely or not at all, and a service notices a difference."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from shared.database import (
    MigrationEditedError,
    MigrationFailedError,
    NotADemonstrationError,
    SchemaVersionError,
    check_schema,
    files,
    migrate,
    migrations,
    open_pool,
)
from shared.errors import BadInputError, UnavailableError
from tests.support.embedded import FreshDatabase
from tests.support.event_log import passwords


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder whose numbered files run as the migrations of ``submission``."""
    real = files.current_migrations()
    folder = tmp_path / "sql"
    folder.mkdir()

    def with_extra() -> tuple[files.Migration, ...]:
        return (*real, *files.read("submission", "attest_owner", folder))

    monkeypatch.setattr(migrations, "current_migrations", with_extra)
    return folder


class TestMigrate:
    async def test_runs_each_file_once(self, fresh_database: FreshDatabase) -> None:
        secrets = passwords(fresh_database.server)
        first = await migrate(fresh_database.url, role_passwords=secrets)
        assert first[0] == "log/0001_tables.sql"
        assert await migrate(fresh_database.url) == ()

    async def test_may_run_twice_at_once(self, fresh_database: FreshDatabase) -> None:
        ran = await asyncio.gather(*(migrate(fresh_database.url) for _ in range(3)))
        assert sorted(map(bool, ran)) == [False, False, True]

    async def test_refuses_an_edited_file(
        self, fresh_database: FreshDatabase, extra: Path
    ) -> None:
        file = extra / "9001_more.sql"
        file.write_text("create table more (id integer)")
        await migrate(fresh_database.url)
        file.write_text("create table more (id bigint)")
        with pytest.raises(MigrationEditedError) as refused:
            await migrate(fresh_database.url)
        assert refused.value.context["file_name"] == "9001_more.sql"

    async def test_keeps_nothing_of_a_file_that_fails(
        self, fresh_database: FreshDatabase, extra: Path
    ) -> None:
        good, bad = extra / "9001_good.sql", extra / "9002_bad.sql"
        good.write_text("create table good (id integer)")
        bad.write_text("create table half (id integer); select 1 / 0;")
        with pytest.raises(MigrationFailedError, match="division by zero"):
            await migrate(fresh_database.url)
        assert await _tables(fresh_database.url, "submission") >= {"good"}
        assert "half" not in await _tables(fresh_database.url, "submission")
        bad.write_text("create table half (id integer)")
        assert await migrate(fresh_database.url) == ("submission/9002_bad.sql",)

    async def test_gives_a_service_the_rows_of_its_own_schema_only(
        self, fresh_database: FreshDatabase, extra: Path
    ) -> None:
        (extra / "9001_more.sql").write_text("create table more (id serial)")
        secrets = passwords(fresh_database.server)
        await migrate(fresh_database.url, role_passwords=secrets)
        own = await asyncpg.connect(fresh_database.url_for("submission"))
        other = await asyncpg.connect(fresh_database.url_for("review"))
        try:
            for allowed in (
                "insert into more default values",
                "update more set id = 2",
                "select * from submission.more",
                "delete from more",
            ):
                await own.execute(allowed)
            for refused in ("drop table more", "create table submission.mine ()"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await own.execute(refused)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await other.execute("select * from submission.more")
        finally:
            await own.close()
            await other.close()

    async def test_needs_no_superuser(self, fresh_database: FreshDatabase) -> None:
        await migrate(fresh_database.url)
        name = f"owner_{fresh_database.name}"
        url = urlsplit(fresh_database.url)
        admin = await asyncpg.connect(fresh_database.url)
        try:
            await admin.execute(f"create role {name} login createrole password 'own'")
            await admin.execute(f"grant log_owner, attest_owner to {name}")
            await admin.execute(f"create database {name} owner {name}")
            sign_in = f"{name}:own@{url.hostname}:{url.port}"
            own = url._replace(netloc=sign_in, path=f"/{name}")
            assert await migrate(urlunsplit(own))
            assert await migrate(urlunsplit(own)) == ()
        finally:
            await admin.execute(f"drop database if exists {name} with (force)")
            await admin.execute(f"drop role {name}")
            await admin.close()

    async def test_never_turns_a_real_log_into_a_demonstration(
        self, fresh_database: FreshDatabase
    ) -> None:
        await migrate(fresh_database.url)
        with pytest.raises(NotADemonstrationError):
            await migrate(fresh_database.url, demonstration=True)

    async def test_keeps_a_demonstration_when_run_again(
        self, fresh_database: FreshDatabase
    ) -> None:
        await migrate(fresh_database.url, demonstration=True)
        assert await migrate(fresh_database.url) == ()
        assert await migrate(fresh_database.url, demonstration=True) == ()

    @pytest.mark.parametrize(
        "wrong", [{"review": ""}, {"review": "pä"}, {"postgres": "x"}, {"a; drop": "x"}]
    )
    async def test_refuses_a_role_or_password_it_cannot_set(
        self, fresh_database: FreshDatabase, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(BadInputError):
            await migrate(fresh_database.url, role_passwords=wrong)

    async def test_says_when_nobody_answers(self) -> None:
        with pytest.raises(UnavailableError):
            await migrate("postgresql://nobody@127.0.0.1:1/none")
        with pytest.raises(UnavailableError):
            async with open_pool("postgresql://nobody@127.0.0.1:1/none"):
                raise AssertionError


class TestCheckSchema:
    async def test_passes_after_migrating(
        self, migrated_database: FreshDatabase
    ) -> None:
        await check_schema(migrated_database.url_for("review"))

    async def test_refuses_an_empty_database(
        self, fresh_database: FreshDatabase
    ) -> None:
        with pytest.raises(SchemaVersionError, match="attest migrate"):
            await check_schema(fresh_database.url)

    async def test_refuses_an_older_schema(
        self, migrated_database: FreshDatabase, extra: Path
    ) -> None:
        (extra / "9001_more.sql").write_text("create table more (id integer)")
        with pytest.raises(SchemaVersionError) as refused:
            await check_schema(migrated_database.url_for("review"))
        assert refused.value.context["differs"] == "submission/9001_more.sql"

    async def test_refuses_a_newer_schema(
        self, fresh_database: FreshDatabase, extra: Path
    ) -> None:
        newer = extra / "9001_more.sql"
        newer.write_text("create table more (id integer)")
        await migrate(
            fresh_database.url, role_passwords=passwords(fresh_database.server)
        )
        newer.unlink()
        with pytest.raises(SchemaVersionError):
            await check_schema(fresh_database.url_for("review"))


async def _tables(url: str, schema: str) -> set[str]:
    admin = await asyncpg.connect(url)
    try:
        rows = await admin.fetch(
            "select tablename from pg_tables where schemaname = $1", schema
        )
    finally:
        await admin.close()
    return {row[0] for row in rows}
