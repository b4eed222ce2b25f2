"""Read models on a real database: exactly the fold of the log, and rebuildable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from shared.database import Pool, open_pool
from shared.decider import Fact
from shared.eventlog import Codec, Metadata, StoredEvent, StreamWrite, UnitOfWork
from shared.ids import new_id
from shared.projector import Projector, ReadModel
from tests.support.embedded import FreshDatabase
from tests.support.memory_log import MemoryEventLog

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
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
