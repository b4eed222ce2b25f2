"""What was not settled in time: from the log to the list that the lead reads."""

import asyncio

from services.moderation import read_models
from services.moderation.app import CODEC
from services.moderation.clocks import overdue_due
from services.moderation.domain.commands import OpenCase
from services.moderation.domain.decide import moderation
from services.moderation.handlers import Due
from services.moderation.handlers.streams import case_stream
from services.moderation.read_models import START, not_settled_in_time, overdue_cases
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Cause, Handling, Step
from shared.holds import NoteHold
from shared.projector import Projector
from tests.support.embedded import FreshDatabase
from tests.unit.moderation.examples import DUE_AT, MONTH_BEGAN, NOW, judged

CASES = (1, 2, 3)


async def test_a_case_is_listed_once_its_month_is_over_unless_it_is_held(
    migrated_database: FreshDatabase,
) -> None:
    """Source: S2 4.4: review and moderation run over one month."""
    url = migrated_database.url_for("moderation")
    async with open_log(url) as log, open_pool(url, schema="moderation") as pool:
        handling = Handling(log, CODEC)
        due = Due(handling)
        projector = Projector(
            service="moderation",
            log=log,
            codec=CODEC,
            pool=pool,
            models=read_models.ALL,
        )
        for number in CASES:
            opening = OpenCase(judged=judged(number), criterion_gap=2, at=NOW)
            step = Step(moderation, case_stream(f"c{number}", 1), opening)
            await handling(Cause.by_clock("test", str(number)), step)
        hold = NoteHold(case_id="c2", hold_id="h1", placed_at=MONTH_BEGAN, at=NOW)
        await due.held(hold, Cause.by_clock("test", "hold"))
        following = asyncio.create_task(projector.run())
        await projector.reached((await log.head()).position, within_seconds=5)
        assert await not_settled_in_time(pool, now=NOW) == []
        assert await overdue_due(due, pool, lambda: NOW) == 0
        assert len(await not_settled_in_time(pool, now=DUE_AT)) == len(CASES)
        await overdue_due(due, pool, lambda: DUE_AT)
        await overdue_due(due, pool, lambda: DUE_AT)
        await projector.reached((await log.head()).position, within_seconds=5)
        first, last = await overdue_cases(pool, after=START, limit=5)
        assert [first[0], last[0]] == ["c1.1", "c3.1"]
        (after,) = await overdue_cases(pool, after=(DUE_AT, first[0]), limit=5)
        assert after == last
        assert await not_settled_in_time(pool, now=DUE_AT) == [("c2", 1, DUE_AT)]
        following.cancel()
