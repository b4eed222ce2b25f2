"""Seeds on the real log: placed, asked of one reviewer alone, compared by the clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from services.moderation import read_models
from services.moderation.app import CODEC
from services.moderation.clocks import seeds_due
from services.moderation.domain.draw.seeded import SeedJudged
from services.review import read_models as of_review
from services.review.app import CODEC as REVIEW_CODEC
from services.review.read_models import START, queue_of
from shared.database import Pool, open_pool
from shared.eventlog import EventLog, open_log
from shared.projector import Projector
from tests.support.embedded import FreshDatabase
from tests.unit.moderation.seeding import SeedWorld
from tests.unit.review import test_interleavings
from tests.unit.review.test_wanted import NOW, PAUSED, told, wanted

STORES = {
    "moderation": (CODEC, read_models.ALL),
    "review": (REVIEW_CODEC, of_review.ALL),
}


@asynccontextmanager
async def following(
    database: FreshDatabase, service: str
) -> AsyncIterator[tuple[EventLog, Pool, Any]]:
    """Yield a service's log and pool, and what waits until its rows have caught up."""
    url = database.url_for(service)
    codec, models = STORES[service]
    async with open_log(url) as log, open_pool(url, schema=service) as pool:
        projector = Projector(
            service=service, log=log, codec=codec, pool=pool, models=models
        )
        running = asyncio.create_task(projector.run())

        async def caught_up() -> None:
            head = (await log.head()).position
            assert await projector.reached(head, within_seconds=5)

        try:
            yield log, pool, caught_up
        finally:
            running.cancel()


async def test_a_seed_is_compared_once_its_judgement_is_final(
    migrated_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source: moderation.md 8."""
    async with following(migrated_database, "moderation") as (log, pool, caught_up):
        monkeypatch.setattr("tests.unit.moderation.world.MemoryEventLog", lambda: log)
        world = SeedWorld()
        await world.ready()
        await world.pool()
        await world.completed(1)
        (asked,) = await world.wanted()
        await world.answer(asked)
        await caught_up()
        assert await seeds_due(world.courses, pool, world.clock) == 0
        world.pass_time(minutes=16)
        assert await seeds_due(world.courses, pool, world.clock) == 1
        await caught_up()
        assert await seeds_due(world.courses, pool, world.clock) == 0
        (judged,) = await world.of(SeedJudged)
        assert judged.in_tolerance


async def test_what_is_wanted_of_one_reviewer_is_in_nobody_else_s_queue(
    migrated_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source: moderation.md, "Reviewing"."""
    async with following(migrated_database, "review") as (log, pool, caught_up):
        monkeypatch.setattr(
            test_interleavings, "MemoryEventLog", lambda **_: log, raising=True
        )
        await told(wanted())
        await caught_up()
        assert await queues(pool) == {
            "rita": {"case-1.1.1", "case-2.1.1"},
            "sam": {"case-1.1.1"},
        }


async def test_what_is_wanted_despite_a_pause_is_all_there_is_meanwhile(
    migrated_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source: statistics.md section 4, to qualify again after a pause."""
    async with following(migrated_database, "review") as (log, pool, caught_up):
        monkeypatch.setattr(
            test_interleavings, "MemoryEventLog", lambda **_: log, raising=True
        )
        await told(wanted(although_paused=True), PAUSED)
        await caught_up()
        assert (await queues(pool))["rita"] == {"case-2.1.1"}


async def queues(pool: Pool) -> dict[str, set[str]]:
    found = {}
    for who in ("rita", "sam"):
        later = NOW + timedelta(days=1)
        rows = await queue_of(pool, who, now=later, after=START, limit=9)
        found[who] = {each.review_id for each in rows}
    return found
