"""PostgreSQL is killed with -9 and started again in the middle of appending."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shared.database import migrate
from shared.embedded import PostgresServer
from shared.eventlog import PostgresEventLog, open_log
from shared.eventlog.group import APPEND, arguments
from tests.faults.eventlog.checks import assert_sound, effects, meant, stored
from tests.support.event_log import new_event, new_stream, passwords, unit


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PostgresServer]:
    """A server of its own, which the test may kill."""
    server = PostgresServer(tmp_path / "postgres")
    await server.start()
    try:
        await migrate(server.url, role_passwords=passwords(server))
        yield server
    finally:
        await server.stop()


class Callers:
    """Append one event after another, and remember what was acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.goes_on = asyncio.Event()
        self.is_over = asyncio.Event()

    async def call(self, log: PostgresEventLog, caller: int) -> None:
        stream, version = new_stream(), 0
        while not self.is_over.is_set():
            what = f"{caller}.{version}"
            await log.append(unit(stream, version, new_event(payload=meant(what))))
            self.acknowledged.add(what)
            self.goes_on.set()
            version += 1


async def let_it_write_late(server: PostgresServer) -> None:
    """Let what waits to be written to disk wait long: a kill comes in time."""
    admin = await asyncpg.connect(server.url)
    try:
        await admin.execute("alter system set wal_writer_delay = '10s'")
    finally:
        await admin.close()
    await server.stop()
    await server.start()


class TestKilledServer:
    async def test_keeps_everything_it_acknowledged(
        self, server: PostgresServer
    ) -> None:
        callers = Callers()
        async with open_log(server.url_for("submission")) as log:
            calls = [asyncio.create_task(callers.call(log, n)) for n in range(16)]
            for _ in range(2):
                await asyncio.sleep(0.5)
                await server.kill()
                at_kill = len(callers.acknowledged)
                await server.start()
                callers.goes_on.clear()
                async with asyncio.timeout(20):
                    await callers.goes_on.wait()
                assert len(callers.acknowledged) > at_kill
            callers.is_over.set()
            await asyncio.gather(*calls)
        events = await stored(server.url)
        assert_sound(events)
        assert effects(events) == dict.fromkeys(callers.acknowledged, 1)

    async def test_control_what_is_confirmed_before_the_disk_is_lost(
        self, server: PostgresServer
    ) -> None:
        await let_it_write_late(server)
        client = await asyncpg.connect(server.url_for("submission"))
        await client.execute("set synchronous_commit = off")
        append = await client.prepare(APPEND)
        acknowledged = 0
        for _ in range(300):
            work = unit(new_stream(), 0, new_event(payload=meant("this")))
            await append.fetch(*arguments([work]))
            acknowledged += 1
        await server.kill()
        client.terminate()
        await server.start()
        events = await stored(server.url)
        assert_sound(events)
        assert len(events) < acknowledged
