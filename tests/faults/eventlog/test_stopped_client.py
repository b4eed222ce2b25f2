"""A client that stops in the middle of an append blocks nobody else."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.eventlog import PostgresEventLog
from shared.eventlog.group import APPEND, arguments
from tests.faults.eventlog.checks import assert_sound, stored
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_stream, unit
from tests.support.messaging import eventually
from tests.support.tcp_fault import faulty

PROMPT_SECONDS = 8.0
"""Far above an append's few milliseconds, also on a busy machine; below any time-out:
who is blocked waits for ever."""
BLOCKED_SECONDS = 2.0
"""Who is not answered by then, when nothing else is under way, is blocked."""


@asynccontextmanager
async def client(url: str, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.eventlog.appending_client",
        url,
        mode,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        process.kill()
        await process.wait()


async def seconds_to_append(log: PostgresEventLog) -> float:
    began = time.monotonic()
    await log.append(unit(new_stream(), 0, new_event()))
    return time.monotonic() - began


async def holds_the_head(database: FreshDatabase) -> bool:
    """Return whether somebody else has the head locked, without waiting for it."""
    admin = await asyncpg.connect(database.url)
    try:
        rows = await admin.fetch("select from log.head for update skip locked")
    finally:
        await admin.close()
    return not rows


class TestStoppedProcess:
    async def test_blocks_nobody(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        url = migrated_database.url_for("submission")
        async with client(url, "one-call") as process:
            for pause in range(12):
                await asyncio.sleep(0.013 * (pause % 5 + 1))
                process.send_signal(signal.SIGSTOP)
                assert await seconds_to_append(event_log) < PROMPT_SECONDS
                process.send_signal(signal.SIGCONT)
        assert_sound(await stored(migrated_database.url))

    async def test_control_blocks_everybody_inside_a_transaction(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        url = migrated_database.url_for("submission")
        async with client(url, "open-transaction") as process:
            for _ in range(200):
                await asyncio.sleep(0.003)
                process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(0.1)
                if await holds_the_head(migrated_database):
                    break
                process.send_signal(signal.SIGCONT)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(BLOCKED_SECONDS):
                    await seconds_to_append(event_log)
            process.send_signal(signal.SIGCONT)


class TestStoppedSocket:
    @pytest.mark.parametrize("sent_bytes", [1, 2000, 100_000])
    async def test_blocks_nobody_halfway_through_its_request(
        self,
        migrated_database: FreshDatabase,
        event_log: PostgresEventLog,
        sent_bytes: int,
    ) -> None:
        async with faulty(migrated_database.url_for("submission")) as (fault, url):
            stopped = await asyncpg.connect(url)
            append = await stopped.prepare(APPEND)
            fault.request_bytes = sent_bytes
            large = [new_event(payload=b"x" * 60_000) for _ in range(4)]
            works = [unit(new_stream(), 0, event) for event in large]
            call = asyncio.create_task(append.fetch(*arguments(works)))
            await asyncio.sleep(0.3)
            assert await seconds_to_append(event_log) < PROMPT_SECONDS
            call.cancel()
            stopped.terminate()
        assert len(await stored(migrated_database.url)) == 1

    async def test_blocks_nobody_when_it_never_reads_the_reply(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        async with faulty(migrated_database.url_for("submission")) as (fault, url):
            stopped = await asyncpg.connect(url)
            append = await stopped.prepare(APPEND)
            fault.is_silent = True
            works = [unit(new_stream(), 0, new_event()) for _ in range(512)]
            call = asyncio.create_task(append.fetch(*arguments(works)))
            await asyncio.sleep(0.5)
            assert await seconds_to_append(event_log) < PROMPT_SECONDS

            async def is_carried_out() -> bool:
                return len(await stored(migrated_database.url)) == 513

            await eventually(is_carried_out)
            assert not call.done(), "the control: nobody told it"
            call.cancel()
            stopped.terminate()
        assert_sound(await stored(migrated_database.url))
