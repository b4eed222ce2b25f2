"""Following the log: through lost connections, lost notifications, foreign events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from shared.eventlog import (
    LogRestoredError,
    PostgresEventLog,
    StoredEvent,
    open_log,
)
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_stream, unit

FEW = 100
"""Transactions in 3.6 seconds: a poll each second, and what the server does by itself
on a busy machine; asking without a pause would make thousands."""


class Follower:
    """Collects what a follower sees, and lets a test wait for a position."""

    def __init__(self) -> None:
        self.events: list[StoredEvent] = []
        self.scanned_to = 0
        self._moved = asyncio.Condition()

    async def run(self, log: PostgresEventLog) -> None:
        async for events, scanned_to in log.follow(0, batch=7):
            async with self._moved:
                self.events.extend(events)
                self.scanned_to = scanned_to
                self._moved.notify_all()

    async def reaches(self, position: int) -> None:
        async with asyncio.timeout(20), self._moved:
            await self._moved.wait_for(lambda: self.scanned_to >= position)

    @property
    def positions(self) -> list[int]:
        return [event.position for event in self.events]


@asynccontextmanager
async def following(log: PostgresEventLog) -> AsyncIterator[Follower]:
    follower = Follower()
    task = asyncio.create_task(follower.run(log))
    try:
        yield follower
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def execute(database: FreshDatabase, statement: str) -> None:
    admin = await asyncpg.connect(database.url)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


async def cut_off(database: FreshDatabase) -> None:
    """End every connection of the service."""
    await execute(
        database,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where usename = 'submission' and datname = current_database()",
    )


def first_poll_of(log: PostgresEventLog) -> asyncio.Event:
    """Return what is set once a poll of the head is answered; the first comes at once.

    To be asked for before anybody follows *log*.
    """
    polled, watch = asyncio.Event(), log._watch
    answered = watch._answered

    def noticed() -> None:
        answered()
        polled.set()

    watch._answered = noticed  # type: ignore[method-assign]
    return polled


async def append(log: PostgresEventLog, count: int) -> int:
    """Append *count* single events at once; return the last position."""
    appended = await asyncio.gather(
        *(log.append(unit(new_stream(), 0, new_event())) for _ in range(count))
    )
    return max(one.position for one in appended)


class TestFollow:
    async def test_sees_every_event_once_and_in_order(
        self, event_log: PostgresEventLog
    ) -> None:
        async with following(event_log) as follower:
            for _ in range(10):
                last = await append(event_log, 13)
            await follower.reaches(last)
        assert follower.positions == list(range(1, 131))

    async def test_is_told_long_before_the_next_poll(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        async with (
            open_log(url, poll_seconds=60) as log,
            following(log) as follower,
        ):
            await follower.reaches(await append(log, 1))
            async with asyncio.timeout(5):
                await follower.reaches(await append(log, 1))

    async def test_control_without_notification_it_waits_for_the_poll(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        async with open_log(url, poll_seconds=60) as log:
            polled = first_poll_of(log)
            async with following(log) as follower:
                await follower.reaches(await append(log, 1))
                await asyncio.wait_for(polled.wait(), 20)
                await execute(migrated_database, _SILENT_APPEND)
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(1):
                        await follower.reaches(2)

    async def test_finds_by_polling_what_no_notification_told(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        async with (
            open_log(url, poll_seconds=0.1) as log,
            following(log) as follower,
        ):
            await follower.reaches(await append(log, 1))
            await execute(migrated_database, _SILENT_APPEND)
            await follower.reaches(2)
        assert follower.positions == [1, 2]

    async def test_survives_the_loss_of_every_connection(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        async with following(event_log) as follower:
            await follower.reaches(await append(event_log, 5))
            for _ in range(3):
                await cut_off(migrated_database)
                await follower.reaches(await append(event_log, 5))
        assert follower.positions == list(range(1, 21))

    async def test_is_told_when_the_database_was_away_though_nothing_is_new(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        last = await append(event_log, 3)
        polled = first_poll_of(event_log)
        follow = aiter(event_log.follow(last))
        told = asyncio.ensure_future(anext(follow))
        await asyncio.wait_for(polled.wait(), 20)
        assert not told.done(), "the control"
        await cut_off(migrated_database)
        assert await asyncio.wait_for(told, 10) == ((), last)

    async def test_is_told_before_what_came_meanwhile(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        last = await append(event_log, 3)
        polled = first_poll_of(event_log)
        follow = aiter(event_log.follow(last))
        told = asyncio.ensure_future(anext(follow))
        await asyncio.wait_for(polled.wait(), 20)
        await cut_off(migrated_database)
        await append(event_log, 1)
        assert await asyncio.wait_for(told, 10) == ((), last)
        events, scanned_to = await asyncio.wait_for(anext(follow), 10)
        assert (len(events), scanned_to) == (1, last + 1)

    async def test_moves_over_what_the_role_may_not_read(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        async with (
            open_log(migrated_database.url_for("review")) as review,
            following(review) as follower,
        ):
            await append(event_log, 20)
            last = await review.append(unit(new_stream("review"), 0, new_event()))
            await follower.reaches(last.position)
        assert follower.positions == [21]

    async def test_stops_when_the_log_was_restored(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        async with open_log(url, poll_seconds=0.05) as log:
            await append(log, 1)
            follow = aiter(log.follow(0))
            await anext(follow)
            await execute(migrated_database, "select log.restore_epoch()")
            with pytest.raises(LogRestoredError):
                await asyncio.wait_for(anext(follow), 5)

    async def test_costs_no_more_than_a_few_statements_a_second_when_idle(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        async with following(event_log) as one, following(event_log) as other:
            last = await append(event_log, 1)
            await one.reaches(last)
            await other.reaches(last)
            before = await _transactions(migrated_database)
            await asyncio.sleep(2.5)
            spent = await _transactions(migrated_database) - before
        assert spent < FEW


_SILENT_APPEND = """
insert into log.event
select 2, gen_random_uuid(), 'case-silent', 'case', 1, type, 1, payload, metadata,
    occurred_at, recorded_at, leaf, chain
from log.event where position = 1;
update log.head set position = 2
"""
"""What an append leaves behind when its notification is lost."""


async def _transactions(database: FreshDatabase) -> int:
    admin = await asyncpg.connect(database.url)
    try:
        await asyncio.sleep(1.1)  # sessions report what they did once a second
        count: int = await admin.fetchval(
            "select xact_commit from pg_stat_database"
            " where datname = current_database()"
        )
    finally:
        await admin.close()
    return count
