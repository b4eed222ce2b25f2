"""Read models on a real database: exactly the fold of the log, and rebuildable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from shared.database import Pool, open_pool
from shared.decider import Fact
from shared.eventlog import (
    Codec,
    Metadata,
    StoredEvent,
    StreamWrite,
    UnitOfWork,
    UnknownFactError,
)
from shared.ids import new_id
from shared.projector import Projector, ReadModel
from tests.support.embedded import FreshDatabase
from tests.support.memory_log import MemoryEventLog
from tests.support.messaging import eventually

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
METADATA = Metadata(
    actor="p-1", role="none", correlation_id=new_id(), causation_id=new_id()
)
TABLES = """
CREATE TABLE checkpoint (
    one boolean PRIMARY KEY DEFAULT true, position bigint NOT NULL DEFAULT 0
);
INSERT INTO checkpoint DEFAULT VALUES;
CREATE TABLE total (
    key text PRIMARY KEY, name text NOT NULL, amount int NOT NULL,
    seen jsonb NOT NULL, last_id uuid NOT NULL, at timestamptz NOT NULL
);
"""


class Added(Fact):
    type: Literal["test.Added"] = "test.Added"
    amount: int


class Ignored(Fact):
    type: Literal["test.Ignored"] = "test.Ignored"


class Foreign(Fact):
    """A fact that another service wrote."""

    type: Literal["other.Foreign"] = "other.Foreign"


AnyFact: TypeAlias = Annotated[Added | Ignored, Field(discriminator="type")]
CODEC = Codec(AnyFact)
OTHERS_CODEC = Codec(Foreign)


class Total(BaseModel):
    name: str
    amount: int
    seen: list[int]
    last_id: UUID
    at: datetime


def key(fact: Fact, event: StoredEvent) -> str | None:
    return event.stream if isinstance(fact, Added) else None


def total(row: Total | None, fact: Added, event: StoredEvent) -> Total:
    seen = row.seen if row else []
    return Total(
        name=event.stream,
        amount=sum(seen) + fact.amount,
        seen=[*seen, fact.amount],
        last_id=event.event_id,
        at=fact.occurred_at,
    )


TOTALS = ReadModel(table="total", row=Total, key=key, fold=total)


@pytest.fixture
async def pool(fresh_database: FreshDatabase) -> AsyncIterator[Pool]:
    async with open_pool(fresh_database.url) as pool:
        await pool.execute(TABLES)
        yield pool


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog()


@pytest.fixture
async def projector(log: MemoryEventLog, pool: Pool) -> AsyncIterator[Projector]:
    projector = Projector(
        service="test", log=log, codec=CODEC, pool=pool, models=(TOTALS,)
    )
    task = asyncio.create_task(projector.run())
    yield projector
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def add(
    log: MemoryEventLog, stream: str, *facts: Fact, codec: Codec = CODEC
) -> int:
    version = len(await log.read_stream(stream))
    metadata = Metadata(
        actor="p-1", role="none", correlation_id=new_id(), causation_id=new_id()
    )
    events = tuple(
        codec.encode(fact, event_id=new_id(), metadata=metadata) for fact in facts
    )
    write = StreamWrite(stream=stream, expected_version=version, events=events)
    return (await log.append(UnitOfWork(writes=(write,)))).position


_FOREIGN = Foreign(occurred_at=NOW)


def added(amount: int) -> Added:
    return Added(occurred_at=NOW, amount=amount)


async def _folded_and_lost(
    projector: Projector, log: MemoryEventLog, pool: Pool
) -> None:
    """Add two, and have the database lose the row and its checkpoint."""
    first = await add(log, "case-1", added(2))
    assert await projector.reached(first, within_seconds=5)
    await pool.execute("DELETE FROM total")
    await pool.execute("UPDATE checkpoint SET position = 0")


async def _amounts_to(amount: int, pool: Pool) -> bool:
    return bool(await pool.fetchval("SELECT sum(amount) = $1 FROM total", amount))


class TestProjector:
    async def test_folds_every_fact_into_its_row(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        await add(log, "case-1", added(2), Ignored(occurred_at=NOW), added(3))
        position = await add(log, "case-2", added(5))
        assert await projector.reached(position, within_seconds=5)
        rows = await pool.fetch("SELECT name, amount, seen FROM total ORDER BY key")
        assert [tuple(row) for row in rows] == [
            ("case-1", 5, [2, 3]),
            ("case-2", 5, [5]),
        ]

    async def test_passes_over_the_facts_of_others(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        await add(log, "case-1", added(2))
        position = await add(log, "x-1", _FOREIGN, _FOREIGN, codec=OTHERS_CODEC)
        assert await projector.reached(position, within_seconds=5)
        assert await pool.fetchval("SELECT position FROM checkpoint") == position
        assert await projector.differences() == {"total": 0}

    async def test_never_moves_the_checkpoint_of_a_faster_process_back(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        first = await add(log, "case-1", added(2))
        assert await projector.reached(first, within_seconds=5)
        await pool.execute("UPDATE checkpoint SET position = 90")
        second = await add(log, "x-1", _FOREIGN, codec=OTHERS_CODEC)
        assert await projector.reached(second, within_seconds=5)
        assert await pool.fetchval("SELECT position FROM checkpoint") == 90

    async def test_says_when_a_position_is_not_reached(
        self, projector: Projector
    ) -> None:
        assert not await projector.reached(99, within_seconds=0.05)

    async def test_continues_where_it_stopped(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        first = await add(log, "case-1", added(2))
        assert await projector.reached(first, within_seconds=5)
        other = Projector(
            service="test", log=log, codec=CODEC, pool=pool, models=(TOTALS,)
        )
        task = asyncio.create_task(other.run())
        second = await add(log, "case-1", added(3))
        assert await other.reached(second, within_seconds=5)
        assert await projector.reached(second, within_seconds=5)
        task.cancel()
        assert await pool.fetchval("SELECT amount FROM total") == 5

    async def test_finds_no_difference_from_a_rebuild(
        self, projector: Projector, log: MemoryEventLog
    ) -> None:
        position = await add(log, "case-1", added(2), added(3))
        assert await projector.reached(position, within_seconds=5)
        assert await projector.differences() == {"total": 0}

    async def test_finds_a_row_that_was_changed_by_hand(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        position = await add(log, "case-1", added(2))
        assert await projector.reached(position, within_seconds=5)
        await pool.execute("UPDATE total SET amount = 3")
        assert await projector.differences() == {"total": 2}

    async def test_puts_a_rebuild_in_place(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        position = await add(log, "case-1", added(2))
        assert await projector.reached(position, within_seconds=5)
        await pool.execute("UPDATE total SET amount = 3")
        steps: list[tuple[int, int]] = []
        await projector.rebuild(lambda done, head: steps.append((done, head)))
        assert await projector.differences() == {"total": 0}
        assert steps[-1] == (position, position)

    async def test_builds_anew_when_the_log_went_back_to_a_backup(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        position = await add(log, "case-1", added(2), added(3))
        assert await projector.reached(position, within_seconds=5)
        restored = MemoryEventLog()
        position = await add(restored, "case-1", added(2))
        other = Projector(
            service="test", log=restored, codec=CODEC, pool=pool, models=(TOTALS,)
        )
        task = asyncio.create_task(other.run())
        assert await other.reached(position, within_seconds=5)
        task.cancel()
        assert await pool.fetchval("SELECT amount FROM total") == 2

    async def test_folds_more_facts_than_fit_a_batch(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        position = await add(log, "case-1", *(added(1) for _ in range(1200)))
        assert await projector.reached(position, within_seconds=20)
        assert await pool.fetchval("SELECT amount FROM total") == 1200
        assert await projector.differences() == {"total": 0}

    async def test_folds_again_what_a_crash_of_the_database_took_back(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        """Rows and checkpoint go back together; nothing in between may be skipped."""
        await _folded_and_lost(projector, log, pool)
        for fact in (Ignored(occurred_at=NOW), added(3)):
            position = await add(log, "case-1", fact)
            assert await projector.reached(position, within_seconds=5)
        assert await pool.fetchval("SELECT amount FROM total") == 5

    async def test_folds_again_what_a_crash_took_back_though_nothing_follows(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        await _folded_and_lost(projector, log, pool)
        log.come_back()
        await eventually(lambda: _amounts_to(2, pool))

    async def test_folds_again_what_a_crash_took_back_though_others_go_on(
        self, projector: Projector, log: MemoryEventLog, pool: Pool
    ) -> None:
        await _folded_and_lost(projector, log, pool)
        log.come_back()
        last = await add(log, "other-1", _FOREIGN, codec=Codec(Foreign))
        await eventually(lambda: _amounts_to(2, pool))
        assert await projector.reached(last, within_seconds=5)

    async def test_tells_why_it_stands_still(
        self, log: MemoryEventLog, pool: Pool
    ) -> None:
        projector = Projector(
            service="test", log=log, codec=Codec(Ignored), pool=pool, models=(TOTALS,)
        )
        newer = CODEC.encode(
            Added(occurred_at=NOW, amount=1), event_id=new_id(), metadata=METADATA
        )
        event = replace(newer, type="test.Ignored", schema_version=9)
        write = StreamWrite(stream="case-1", expected_version=0, events=(event,))
        await log.append(UnitOfWork(writes=(write,)))
        with pytest.raises(UnknownFactError):
            await projector.run()


class Gated(MemoryEventLog):
    """A log that can be made slow to read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = asyncio.Event()
        self.may_be_read = asyncio.Event()
        self.may_be_read.set()

    async def read_after(
        self,
        position: int,
        *,
        up_to: int | None = None,
        limit: int = 1000,
        categories: Sequence[str] | None = None,
    ) -> tuple[StoredEvent, ...]:
        if position == 0:
            self.is_read.set()
            await self.may_be_read.wait()
        return await super().read_after(
            position, up_to=up_to, limit=limit, categories=categories
        )

    @asynccontextmanager
    async def slow(self) -> AsyncIterator[None]:
        self.is_read.clear()
        self.may_be_read.clear()
        yield
        self.may_be_read.set()


class TestRebuild:
    @pytest.fixture
    def log(self) -> Gated:
        return Gated()

    @pytest.mark.parametrize("work", ["rebuild", "differences"])
    async def test_lets_following_go_on_meanwhile(
        self, projector: Projector, log: Gated, pool: Pool, work: str
    ) -> None:
        position = await add(log, "case-1", added(2))
        assert await projector.reached(position, within_seconds=5)
        async with log.slow():
            running = asyncio.create_task(getattr(projector, work)())
            await asyncio.wait_for(log.is_read.wait(), 5)
            position = await add(log, "case-1", added(3))
            assert await projector.reached(position, within_seconds=5)
            assert not running.done()
        found = await asyncio.wait_for(running, 5)
        assert found == (position if work == "rebuild" else {"total": 0})
        assert await pool.fetchval("SELECT amount FROM total") == 5

    async def test_is_made_once_at_a_time(
        self, projector: Projector, log: Gated
    ) -> None:
        position = await add(log, "case-1", added(2))
        assert await projector.reached(position, within_seconds=5)
        found = tuple(
            await asyncio.gather(
                projector.rebuild(), projector.differences(), projector.rebuild()
            )
        )
        assert found == (position, {"total": 0}, position)

    async def test_leaves_nothing_behind_when_it_is_cut_short(
        self, projector: Projector, log: Gated, pool: Pool
    ) -> None:
        position = await add(log, "case-1", added(2))
        assert await projector.reached(position, within_seconds=5)
        async with log.slow():
            running = asyncio.create_task(projector.rebuild())
            await asyncio.wait_for(log.is_read.wait(), 5)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
        left = "SELECT count(*) FROM pg_class WHERE relname = 'total__rebuilt'"
        assert await pool.fetchval(left) == 0
        assert await projector.rebuild() == position

    async def test_takes_its_connection_from_the_workshop(
        self, log: Gated, pool: Pool, fresh_database: FreshDatabase
    ) -> None:
        async with open_pool(fresh_database.url, smallest=0, largest=1) as workshop:
            projector = Projector(
                service="test",
                log=log,
                codec=CODEC,
                pool=pool,
                models=(TOTALS,),
                workshop=workshop,
            )
            assert await projector.rebuild() == 0
            assert workshop.get_size() == 1

    async def test_has_no_fact_twice_while_facts_keep_coming(
        self, projector: Projector, log: Gated
    ) -> None:
        async def append() -> None:
            for number in range(40):
                await add(log, f"case-{number % 3}", added(1))
                await asyncio.sleep(0)

        appending = asyncio.create_task(append())
        while not appending.done():
            assert await projector.differences() == {"total": 0}
            await projector.rebuild()
        await appending
        position = (await log.head()).position
        assert await projector.reached(position, within_seconds=5)
        assert await projector.differences() == {"total": 0}
