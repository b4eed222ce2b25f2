"""The embedded PostgreSQL: durable, private, and back after anything."""

import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from shared.embedded import PostgresServer
from shared.embedded.child import is_alive, log_tail
from shared.embedded.lock import DirectoryInUseError
from shared.embedded.postgres.cluster import ClusterVersionError
from shared.embedded.postgres.passwords import (
    PasswordsUnreadableError,
    RoleNameError,
    RolePasswords,
)
from shared.embedded.postgres.session import PostgresNotRunningError

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root only")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PostgresServer]:
    """A running server with the settings of `attest up`."""
    server = PostgresServer(tmp_path / "postgres")
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
def private_home() -> Iterator[Path]:
    """A directory that only we can enter, as ``/root`` is."""
    home = Path(tempfile.mkdtemp())
    try:
        yield home
    finally:
        shutil.rmtree(home)


class TestPostgresServer:
    async def test_is_version_18_and_survives_a_power_cut(
        self, server: PostgresServer
    ) -> None:
        settings = (
            "server_version_num",
            "fsync",
            "synchronous_commit",
            "data_checksums",
        )
        found = {name: await ask(server.url, f"SHOW {name}") for name in settings}
        assert str(found.pop("server_version_num")).startswith("18")
        assert found == {
            "fsync": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
        }

    async def test_keeps_its_data_and_its_port_over_a_stop(
        self, server: PostgresServer
    ) -> None:
        await ask(server.url, "CREATE TABLE kept AS SELECT 7 AS value")
        url = server.url
        await server.stop()
        again = PostgresServer(server.directory)
        await again.start()
        try:
            assert again.url == url
            assert await ask(url, "SELECT value FROM kept") == 7
        finally:
            await again.stop()

    async def test_keeps_what_was_committed_before_it_was_killed(
        self, server: PostgresServer
    ) -> None:
        await ask(server.url, "CREATE TABLE kept (value int)")
        connection = await asyncpg.connect(server.url)
        for value in range(20):
            await connection.execute("INSERT INTO kept VALUES ($1)", value)
        await server.kill()
        connection.terminate()
        assert not server.running
        await server.start()
        assert await ask(server.url, "SELECT count(*) FROM kept") == 20

    async def test_leaves_no_process_behind_when_killed(
        self, server: PostgresServer
    ) -> None:
        processes = psutil.Process(server.pid).children()
        assert len(processes) >= 3
        await server.kill()
        assert not [process for process in processes if is_alive(process)]

    async def test_starts_over_a_pid_file_that_names_some_other_process(
        self, server: PostgresServer
    ) -> None:
        await server.kill()
        pid_file = server.directory / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        # A process that certainly lives, and is no PostgreSQL: ours.
        pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
        await server.start()
        assert await ask(server.url, "SELECT 1") == 1

    async def test_ends_an_orphan_that_still_serves_its_data(
        self, server: PostgresServer
    ) -> None:
        orphan = psutil.Process(server.pid)
        # What the kernel does for us when our holder is killed: the lock is free.
        server._lock.release()
        heir = PostgresServer(server.directory)
        await heir.start()
        try:
            assert not is_alive(orphan)
            assert await ask(heir.url, "SELECT 1") == 1
        finally:
            await heir.stop()

    async def test_keeps_a_second_server_from_its_data(
        self, server: PostgresServer
    ) -> None:
        with pytest.raises(DirectoryInUseError):
            await PostgresServer(server.directory).start()
        assert await ask(server.url, "SELECT 1") == 1

    async def test_takes_another_port_when_its_own_is_taken(
        self, server: PostgresServer
    ) -> None:
        port = server.port
        await server.stop()
        with socket.create_server(("127.0.0.1", port)):
            await server.start()
            assert server.port != port
            assert await ask(server.url, "SELECT 1") == 1

    async def test_lets_nobody_in_without_the_password(
        self, server: PostgresServer
    ) -> None:
        password = server.passwords.for_role("postgres")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(server.url.replace(password, "wrong"), "SELECT 1")

    async def test_lets_a_role_in_with_the_password_kept_for_it(
        self, server: PostgresServer
    ) -> None:
        password = server.passwords.for_role("review_service")
        await ask(server.url, f"CREATE ROLE review_service LOGIN PASSWORD '{password}'")
        url = server.url_for("review_service")
        assert await ask(url, "SELECT current_user") == "review_service"

    async def test_writes_no_values_into_its_log(self, server: PostgresServer) -> None:
        with pytest.raises(asyncpg.DataError):
            await ask(server.url, "SELECT 'ann@example.org'::uuid")
        log = log_tail(server.directory / "server.log", size_bytes=100_000)
        assert "ready to accept connections" in log
        assert "ann@example.org" not in log

    async def test_refuses_data_of_another_version(
        self, server: PostgresServer
    ) -> None:
        await server.stop()
        (server.directory / "data" / "PG_VERSION").write_text("17\n")
        with pytest.raises(ClusterVersionError, match=r"17.*18.*set it aside"):
            await server.start()

    async def test_begins_anew_after_a_first_start_that_was_killed(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "postgres" / "data.new" / "base").mkdir(parents=True)
        server = PostgresServer(tmp_path / "postgres", fsync=False)
        await server.start()
        try:
            assert await ask(server.url, "SELECT 1") == 1
        finally:
            await server.stop()

    def test_has_no_url_before_it_was_started(self, tmp_path: Path) -> None:
        with pytest.raises(PostgresNotRunningError):
            _ = PostgresServer(tmp_path).url

    @only_root
    async def test_never_runs_as_root(self, server: PostgresServer) -> None:
        assert psutil.Process(server.pid).uids().effective != 0

    @only_root
    async def test_runs_below_a_directory_only_root_may_enter(
        self, private_home: Path
    ) -> None:
        server = PostgresServer(private_home / "project" / "postgres", fsync=False)
        await server.start()
        try:
            assert psutil.Process(server.pid).uids().effective != 0
            assert await ask(server.url, "SELECT 1") == 1
        finally:
            await server.stop()
        assert mode_of(private_home) == 0o700


class TestRolePasswords:
    def test_are_made_once_and_readable_by_nobody_else(self, tmp_path: Path) -> None:
        server = PostgresServer(tmp_path)
        first = server.passwords.for_roles("review_service", "log_owner")
        assert PostgresServer(tmp_path).passwords.for_roles(*first) == first
        assert len(set(first.values())) == 2
        assert mode_of(server.passwords.file) == 0o600

    def test_are_not_replaced_when_the_file_is_damaged(self, tmp_path: Path) -> None:
        server = PostgresServer(tmp_path)
        server.passwords.file.write_text("{")
        with pytest.raises(PasswordsUnreadableError, match=r"passwords\.json"):
            server.passwords.for_role("review_service")
        assert server.passwords.file.read_text() == "{"

    @pytest.mark.parametrize("role", ["", "Review", "a-b", "1a", "a b", "x" * 64, "é"])
    def test_refuse_what_cannot_be_a_role(self, tmp_path: Path, role: str) -> None:
        with pytest.raises(RoleNameError):
            RolePasswords(tmp_path / "passwords.json").for_role(role)

    def test_are_long_and_need_no_quotes_in_a_url(self, tmp_path: Path) -> None:
        password = RolePasswords(tmp_path / "passwords.json").for_role("log_owner")
        assert len(password) == 43
        assert password.replace("-", "").replace("_", "").isalnum()


def mode_of(path: Path) -> int:
    """Return the permission bits of *path*."""
    return path.stat().st_mode & 0o777


async def ask(url: str, statement: str) -> object:
    """Return the first value that *statement* leads to, over its own connection."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
