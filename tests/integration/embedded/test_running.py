"""Everything together: ready in time, alone in its directory, gone with its parent."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest

from shared.embedded import Embedded, run_embedded
from shared.embedded.broker.process import BrokerNotRunningError
from shared.embedded.child import is_alive, kill_if_alive
from shared.embedded.lock import DirectoryInUseError, Holder
from shared.embedded.ports import is_free
from shared.embedded.state import StateDirectory
from shared.messaging import create_topics


@dataclass(frozen=True, slots=True)
class Parent:
    """The running program of `parent.py`, and the processes it started."""

    process: "subprocess.Popen[bytes]"
    children: tuple[psutil.Process, ...]
    untied: psutil.Process
    database_url: str

    def end_with(self, how: signal.Signals) -> None:
        """Send *how* to the parent alone and wait until it has ended."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)

    def wait_for_children(self) -> list[psutil.Process]:
        """Return the children that are still alive after ten seconds at most."""
        deadline = time.monotonic() + 10
        while alive := [child for child in self.children if is_alive(child)]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        return alive


@contextmanager
def running_parent(directory: Path) -> Iterator[Parent]:
    """Start `parent.py` on *directory*; end everything of it afterwards."""
    command = [
        sys.executable,
        "-m",
        "tests.integration.embedded.parent",
        str(directory),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the program ended before it was ready"
        ready = json.loads(line)
        postgres = psutil.Process(ready["postgres"])
        children = (postgres, *postgres.children(), psutil.Process(ready["broker"]))
        untied = psutil.Process(ready["untied"])
        parent = Parent(process, children, untied, ready["database_url"])
        try:
            yield parent
        finally:
            process.kill()
            for survivor in (*parent.wait_for_children(), untied):
                kill_if_alive(survivor)


class TestRunEmbedded:
    async def test_has_all_three_parts_ready(self, tmp_path: Path) -> None:
        async with run_embedded(tmp_path / "state") as embedded:
            connection = await asyncpg.connect(embedded.database_url)
            assert await connection.fetchval("SELECT current_database()") == "attest"
            await connection.close()
            await _create_topic(embedded)
            assert embedded.smtp_url == embedded.mailbox.smtp_url

    async def test_keeps_its_addresses_over_a_restart(self, tmp_path: Path) -> None:
        async with run_embedded(tmp_path / "state") as first:
            before = _addresses(first)
        async with run_embedded(tmp_path / "state") as second:
            assert _addresses(second) == before

    async def test_stops_everything_when_its_body_fails(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError):
            async with run_embedded(tmp_path / "state") as embedded:
                raise ZeroDivisionError
        assert not embedded.postgres.running
        assert not embedded.broker.running
        assert is_free(embedded.mailbox.port)

    async def test_has_no_address_for_a_part_that_was_not_asked_for(
        self, tmp_path: Path
    ) -> None:
        async with run_embedded(
            tmp_path / "state", postgres=False, broker=False
        ) as embedded:
            with pytest.raises(BrokerNotRunningError):
                _ = embedded.kafka_bootstrap_servers

    async def test_starts_a_server_again_that_ended_by_itself(
        self, tmp_path: Path
    ) -> None:
        async with run_embedded(tmp_path / "state") as embedded:
            before = _addresses(embedded)
            pids = (embedded.postgres.pid, embedded.broker.pid)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            await _until(lambda: embedded.postgres.pid != pids[0])
            await _until(lambda: embedded.broker.pid != pids[1])
            await embedded.postgres.start()
            await embedded.broker.start()
            await _create_topic(embedded)
            await _execute(embedded.database_url, "SELECT 1")
            assert _addresses(embedded) == before

    async def test_leaves_a_server_alone_that_was_killed_on_purpose(
        self, tmp_path: Path
    ) -> None:
        async with run_embedded(tmp_path / "state") as embedded:
            await embedded.broker.kill()
            await asyncio.sleep(0.6)
            assert not embedded.broker.running

    async def test_stops_the_other_parts_when_one_cannot_start(
        self, tmp_path: Path
    ) -> None:
        state = tmp_path / "state"
        async with run_embedded(state, broker=False) as embedded:
            port = embedded.mailbox.port
        (state / "mailbox" / "deliveries" / "000000000001.delivery").write_bytes(b"x")
        with pytest.raises(Exception, match=r"000000000001\.delivery is missing or"):
            async with run_embedded(state):
                pass
        assert is_free(port)
        with StateDirectory(state):
            assert not _postgres_processes_on(state)


class TestParent:
    @pytest.mark.parametrize(
        "how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name
    )
    def test_takes_its_children_along(
        self, tmp_path: Path, how: signal.Signals
    ) -> None:
        with running_parent(tmp_path / "state") as parent:
            # PostgreSQL with its own helpers, and the broker.
            assert len([child for child in parent.children if is_alive(child)]) >= 5
            parent.end_with(how)
            assert parent.wait_for_children() == []
            # The control: a child that nothing ties to the parent is still there.
            assert is_alive(parent.untied)

    async def test_killed_and_started_again_has_its_data(self, tmp_path: Path) -> None:
        with running_parent(tmp_path / "state") as parent:
            await _execute(
                parent.database_url, "CREATE TABLE kept AS SELECT 7 AS value"
            )
            parent.end_with(signal.SIGKILL)
            async with run_embedded(tmp_path / "state") as embedded:
                connection = await asyncpg.connect(embedded.database_url)
                assert await connection.fetchval("SELECT value FROM kept") == 7
                await connection.close()

    async def test_and_children_all_killed_at_once_lose_nothing(
        self, tmp_path: Path
    ) -> None:
        with running_parent(tmp_path / "state") as parent:
            await _execute(
                parent.database_url, "CREATE TABLE kept AS SELECT 7 AS value"
            )
            parent.process.kill()
            for child in parent.children:
                kill_if_alive(child)
            parent.process.wait()
            assert (tmp_path / "state/postgres/data/postmaster.pid").exists()
            async with run_embedded(tmp_path / "state") as embedded:
                connection = await asyncpg.connect(embedded.database_url)
                assert await connection.fetchval("SELECT value FROM kept") == 7
                await connection.close()

    async def test_keeps_a_second_start_out(self, tmp_path: Path) -> None:
        with running_parent(tmp_path / "state") as parent:
            with pytest.raises(DirectoryInUseError) as refused:
                async with run_embedded(tmp_path / "state"):
                    pass
            message = str(refused.value)
            assert f"process {parent.process.pid} at http://127.0.0.1:8080" in message
            assert f"kill {parent.process.pid}" in message
            holder = StateDirectory.holder_of(tmp_path / "state")
            assert holder == Holder(
                pid=parent.process.pid, address="http://127.0.0.1:8080"
            )


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():  # noqa: ASYNC110 - the process has no event for us
            await asyncio.sleep(0.02)


async def _create_topic(embedded: Embedded) -> None:
    servers = embedded.kafka_bootstrap_servers
    await create_topics(servers, ["submission.v1"], replication_factor=1)


def _addresses(embedded: Embedded) -> tuple[str, str, str]:
    broker = embedded.kafka_bootstrap_servers
    return embedded.database_url, broker, embedded.smtp_url


def _postgres_processes_on(state: Path) -> list[psutil.Process]:
    data = str(state / "postgres" / "data")
    return [p for p in psutil.process_iter(["cwd"]) if p.info["cwd"] == data]


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await asyncio.wait_for(connection.execute(statement), 10)
    await connection.close()
