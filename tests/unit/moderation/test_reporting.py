"""A report is made of the cohort's own events, read from the log."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from services.moderation.handlers import Reports
from shared.errors import NotFoundError
from shared.workers import Workers
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT
from tests.unit.moderation.world import World

T = TypeVar("T")


class Here(Workers):
    """Works in this process, and counts how often the others were ended."""

    ended = 0

    async def run(self, work: Callable[[], T]) -> T:
        return work()

    async def close(self) -> None:
        self.ended += 1


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def workers() -> Here:
    return Here("reports")


@pytest.fixture
def reports(world: World, workers: Here) -> Reports:
    return Reports(world.handling, world.log, workers)


class TestReport:
    async def test_counts_what_was_judged_drawn_and_settled(
        self, world: World, reports: Reports
    ) -> None:
        await world.ready()
        await world.completed(1)
        await world.completed(2)
        await world.judge(1, CM_LEVELS)
        await world.judge(2, CNM_LEVELS)
        rows = (await reports.report(COHORT, "csv")).decode().splitlines()
        assert "counts/judgements,2" in rows
        assert "counts/blind_pairs,2" in rows
        assert "counts/settled,1" in rows

    async def test_reads_what_was_drawn_and_noted_about_moderators(
        self, workers: Here
    ) -> None:
        world = World(second_opinions_ppm=1_000_000)
        await world.ready()
        await world.completed(1)
        await world.judge(1, CM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        reports = Reports(world.handling, world.log, workers)
        rows = (await reports.report(COHORT, "csv")).decode().splitlines()
        assert "moderators/p-mod/second_opinions_drawn,1" in rows
        chart = "drift/charts_of_moderators/p-mod2/points/1"
        assert f"{chart}/level_difference,-1" in rows
        assert f"{chart}/overturned,True" in rows

    async def test_is_the_same_until_something_happens(
        self, world: World, reports: Reports
    ) -> None:
        await world.ready()
        await world.completed(1)
        before = await reports.report(COHORT, "json")
        assert await reports.report(COHORT, "json") == before
        await world.judge(1, CM_LEVELS)
        assert await reports.report(COHORT, "json") != before

    async def test_is_not_changed_by_what_is_no_part_of_the_cohort(
        self, world: World, reports: Reports
    ) -> None:
        await world.ready()
        await world.completed(1)
        before = await reports.report(COHORT, "json")
        await world.granted("p-new", "moderator")
        assert await reports.report(COHORT, "json") == before

    async def test_leaves_no_process_behind(
        self, world: World, reports: Reports, workers: Here
    ) -> None:
        await world.ready()
        await reports.report(COHORT, "json")
        assert workers.ended == 1

    async def test_of_a_cohort_without_a_plan_is_not_there(
        self, reports: Reports
    ) -> None:
        with pytest.raises(NotFoundError):
            await reports.report("nowhere", "json")
