"""The append function itself: hashes, groups under contention, plans, arguments."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from shared.database import migrate
from shared.errors import ConflictError
from shared.eventlog import (
    GENESIS_CHAIN,
    PostgresEventLog,
    StoredEvent,
    chain_hash,
    leaf_hash,
    open_log,
)
from shared.eventlog.group import APPEND, arguments
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_stream, passwords, unit
from tests.unit.shared.eventlog.vectors import documented_events


class TestLeaf:
    @pytest.mark.parametrize(
        "occurred_at",
        [
            datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
            datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ],
    )
    async def test_is_the_same_in_two_languages(
        self, event_log: PostgresEventLog, occurred_at: datetime
    ) -> None:
        odd = replace(
            new_event("submission.Ünïcode", b"\x00\xff" * 100, schema_version=32767),
            metadata=b"",
            occurred_at=occurred_at,
        )
        empty = replace(new_event(payload=b""), occurred_at=occurred_at)
        await event_log.append(unit(new_stream(), 0, odd))
        await event_log.append(unit(new_stream(), 0, empty, new_event()))
        chain = GENESIS_CHAIN
        for event in await event_log.read_after(0):
            assert event.leaf == leaf_hash(event)
            chain = chain_hash(chain, event.leaf)
            assert event.chain == chain

    @pytest.mark.parametrize("event", documented_events(), ids=lambda one: one.type)
    async def test_is_the_documented_one(
        self, migrated_database: FreshDatabase, event: StoredEvent
    ) -> None:
        admin = await asyncpg.connect(migrated_database.url)
        try:
            leaf = await admin.fetchval(
                "select log.leaf($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                *(event.position, event.event_id, event.stream, event.category),
                *(event.version, event.type, event.schema_version),
                *(event.occurred_at, event.recorded_at),
                *(event.payload, event.metadata),
            )
        finally:
            await admin.close()
        assert leaf == event.leaf

    async def test_changes_with_every_field(self, event_log: PostgresEventLog) -> None:
        await event_log.append(unit(new_stream(), 0, new_event()))
        (event,) = await event_log.read_after(0)
        changed = [
            replace(event, position=2),
            replace(event, event_id=new_event().event_id),
            replace(event, stream=event.stream[:-1], category=event.category + "x"),
            replace(event, version=2),
            replace(event, type=event.type + "x"),
            replace(event, schema_version=2),
            replace(event, payload=event.payload + b" "),
            replace(event, metadata=event.metadata + b" "),
            replace(event, occurred_at=event.recorded_at),
            replace(event, recorded_at=event.occurred_at),
        ]
        leaves = {leaf_hash(one) for one in [event, *changed]}
        assert len(leaves) == len(changed) + 1


class TestGroup:
    async def test_keeps_a_winner_from_its_losers(
        self, event_log: PostgresEventLog
    ) -> None:
        stream = new_stream()
        await event_log.append(unit(stream, 0, new_event()))
        works = [
            unit(stream, 1, new_event()),
            unit(stream, 1, new_event()),
            unit(stream, 2),
            unit(stream, 2, new_event(), new_event()),
            unit(stream, 3, new_event()),
            unit(stream, 4, new_event()),
            unit(new_stream(), 0, new_event()),
        ]
        outcomes = await asyncio.gather(
            *(event_log.append(work) for work in works), return_exceptions=True
        )
        lost = [isinstance(one, ConflictError) for one in outcomes]
        assert lost == [False, True, False, False, True, False, False]
        assert [e.position for e in await event_log.read_after(0)] == list(range(1, 7))

    @pytest.mark.parametrize("losers_first", [1, 2])
    async def test_writes_only_the_events_of_winners_wherever_the_losers_stand(
        self,
        migrated_database: FreshDatabase,
        event_log: PostgresEventLog,
        losers_first: int,
    ) -> None:
        stream, other = new_stream(), new_stream()
        await event_log.append(unit(stream, 0, new_event(), new_event()))
        losers = [unit(stream, 1, new_event(), new_event()) for _ in range(4)]
        winners = [unit(stream, 2, new_event()), unit(other, 0, new_event())]
        group = [
            *losers[:losers_first],
            winners[0],
            *losers[losers_first:3],
            winners[1],
            losers[3],
        ]
        service = await asyncpg.connect(migrated_database.url_for("submission"))
        try:
            await service.fetch(APPEND, *arguments(group))
        finally:
            await service.close()
        written = await event_log.read_after(2)
        expected = [work.writes[0].events[0].event_id for work in winners]
        assert [event.event_id for event in written] == expected
        assert [event.stream for event in written] == [stream, other]
        assert all(event.leaf == leaf_hash(event) for event in written)

    async def test_is_gapless_under_two_committers_that_fight(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        streams = [new_stream() for _ in range(3)]

        async def fight(log: PostgresEventLog, caller: int) -> int:
            won = 0
            for turn in range(20):
                stream = streams[(caller + turn) % len(streams)]
                version = len(await log.read_stream(stream))
                try:
                    await log.append(unit(stream, version, new_event()))
                    won += 1
                except ConflictError:
                    continue
            return won

        async with open_log(migrated_database.url_for("submission")) as other:
            logs = [event_log, other] * 4
            won = await asyncio.gather(*(fight(log, n) for n, log in enumerate(logs)))
        events = await event_log.read_after(0)
        assert [event.position for event in events] == list(range(1, sum(won) + 1))
        assert 0 < sum(won) < 160, "the control: somebody must have lost"
        for stream in streams:
            stored = await event_log.read_stream(stream)
            assert [e.version for e in stored] == list(range(1, len(stored) + 1))

    async def test_never_scans_the_log_with_a_plan_from_when_it_was_empty(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        before = await _table_scans(migrated_database)
        for size in (1, 2, 64, 300):
            await asyncio.gather(
                *(
                    event_log.append(unit(new_stream(), 0, new_event()))
                    for _ in range(size)
                )
            )
        assert await _table_scans(migrated_database) == before
        admin = await asyncpg.connect(migrated_database.url)
        try:
            await admin.execute("set enable_indexscan = off; select * from log.event")
        finally:
            await admin.close()
        assert await _table_scans(migrated_database) == before + 1, "the control"


class TestArguments:
    async def test_that_disagree_are_refused(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        """A broken client changes nothing: the function does not trust its counts."""
        service = await asyncpg.connect(migrated_database.url_for("submission"))
        good = list(arguments([unit(new_stream(), 0, new_event()) for _ in range(2)]))
        too_few_events = [*good[:4], [1, 2], *good[5:]]
        too_many_events = [*good[:4], [1, 0], *good[5:]]
        out_of_order = [good[0], [2, 1], good[2], [7, 0], *good[4:]]
        try:
            for wrong in (too_few_events, too_many_events, out_of_order):
                with pytest.raises(asyncpg.PostgresError):
                    await service.fetch(APPEND, *wrong)
            assert (await event_log.head()).position == 0
            await service.fetch(APPEND, *good)
        finally:
            await service.close()
        assert (await event_log.head()).position == 2


class TestDemonstration:
    async def test_accepts_an_offset_when_created_for_it(
        self, fresh_database: FreshDatabase
    ) -> None:
        await migrate(
            fresh_database.url,
            role_passwords=passwords(fresh_database.server),
            demonstration=True,
        )
        offset = new_event("submission.ClockOffsetSet")
        async with open_log(fresh_database.url_for("submission")) as log:
            appended = await log.append(unit("clock-demonstration", 0, offset))
            assert appended.position == 1
            assert (await log.head()).demonstration


async def _table_scans(database: FreshDatabase) -> int:
    """Return how often a table of the log was read from end to end."""
    admin = await asyncpg.connect(database.url)
    try:
        await asyncio.sleep(1.1)  # sessions report what they did once a second
        scans: int = await admin.fetchval(
            "select sum(seq_scan)::int from pg_stat_user_tables"
            " where schemaname = 'log' and relname in ('event', 'inbox', 'answer')"
        )
    finally:
        await admin.close()
    return scans
