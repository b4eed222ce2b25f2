"""A key in the SQLite file is there for good once it was given, and gone when told."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.crypto import KeyStore, open_keystore
from shared.crypto.sqlite_table import SqliteKeyTable
from shared.errors import UnavailableError
from tests.support.keys import NOW, SECRET

ASK_FOR_KEY = """
import asyncio, os, signal, sys
from datetime import datetime
from pydantic import SecretStr
from shared.crypto import open_keystore

async def ask(url, secret, at, subject):
    async with open_keystore(SecretStr(url), SecretStr(secret)) as store:
        key = await store.key_for(subject, at=datetime.fromisoformat(at))
        os.write(1, key.id.encode())
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(ask(*sys.argv[1:]))
"""
"""A process that is killed as soon as it has told the id of the key it got."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


@pytest.fixture
def letter(path: Path) -> Path:
    path.write_bytes(b"Dear Ana, " * 100)
    return path


@pytest.fixture
async def store(path: Path) -> AsyncIterator[KeyStore]:
    async with open_keystore(SecretStr(f"sqlite:///{path}"), SECRET) as opened:
        yield opened


async def key_id_told_by_a_killed_process(path: Path, subject: str) -> str:
    """Return what the process told before it was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ASK_FOR_KEY,
        f"sqlite:///{path}",
        SECRET.get_secret_value(),
        NOW.isoformat(),
        subject,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    return told.decode()


class TestSqliteKeyTable:
    async def test_is_readable_by_its_owner_alone(
        self, store: KeyStore, path: Path
    ) -> None:
        await store.key_for("ana", at=NOW)

        modes = {file.name: file.stat().st_mode & 0o777 for file in files_of(path)}
        assert set(modes.values()) == {0o600}

    async def test_commits_to_disk_before_it_answers(self, store: KeyStore) -> None:
        table = store._table
        assert isinstance(table, SqliteKeyTable)

        def settings() -> tuple[object, object]:
            journal = table._execute("PRAGMA journal_mode").fetchone()
            return journal, table._execute("PRAGMA synchronous").fetchone()

        full = 2
        assert await table._run(settings) == (("wal",), (full,))

    async def test_has_every_key_it_gave_to_processes_that_were_killed(
        self, path: Path
    ) -> None:
        told = [
            await key_id_told_by_a_killed_process(path, who) for who in ("ana", "ben")
        ]

        async with open_keystore(SecretStr(f"sqlite:///{path}"), SECRET) as store:
            assert set(await store.keys(told)) == set(told)

    async def test_gives_processes_that_ask_at_once_one_key(self, path: Path) -> None:
        asking = [key_id_told_by_a_killed_process(path, "ana") for _ in range(3)]

        assert len(set(await asyncio.gather(*asking))) == 1

    async def test_leaves_no_trace_of_a_destroyed_key(
        self, store: KeyStore, path: Path
    ) -> None:
        await store.key_for("ana", at=NOW)
        row = await store._table.of_subject("ana")
        assert row is not None
        assert row.wrapped is not None
        assert any(row.wrapped in file.read_bytes() for file in files_of(path))

        await store.destroy("ana", at=NOW)

        assert not any(row.wrapped in file.read_bytes() for file in files_of(path))

    async def test_says_that_a_file_is_no_key_store(self, letter: Path) -> None:
        with pytest.raises(UnavailableError, match="key store"):
            async with open_keystore(SecretStr(f"sqlite:///{letter}"), SECRET):
                pass

    async def test_says_that_its_directory_is_missing(self, tmp_path: Path) -> None:
        url = SecretStr(f"sqlite:///{tmp_path}/missing/keys.db")

        with pytest.raises(UnavailableError) as refused:
            async with open_keystore(url, SECRET):
                pass

        assert refused.value.context["reason"] == "FileNotFoundError"

    async def test_allows_no_living_row_without_a_key(
        self, store: KeyStore, path: Path
    ) -> None:
        await store.key_for("ana", at=NOW)
        connection = sqlite3.connect(path)

        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE person_key SET wrapped = NULL")
        connection.close()


def files_of(path: Path) -> list[Path]:
    """Return the database and the files SQLite keeps beside it."""
    return sorted(path.parent.glob(f"{path.name}*"))


async def test_opens_for_everybody_who_starts_at_once(tmp_path: Path) -> None:
    """All services of one process open the same, new file together."""
    for number in range(40):
        url = SecretStr(f"sqlite:///{tmp_path / f'{number}.db'}")
        async with AsyncExitStack() as stack:
            stores = (open_keystore(url, SECRET) for _ in range(5))
            opened = await asyncio.gather(*map(stack.enter_async_context, stores))
            keys = [await store.key_for("ana", at=NOW) for store in opened]
            assert len({key.id for key in keys}) == 1
