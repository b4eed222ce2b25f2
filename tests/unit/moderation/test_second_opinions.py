"""Cases that a second moderator judges though the first agreed with the reviewer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.moderation.domain.decide import moderation
from services.moderation.domain.decisions import Upheld
from services.moderation.domain.draw.events import DifferenceNoted
from services.moderation.domain.events import SecondOpinionCalled
from services.moderation.domain.opinions.events import (
    ModeratorDifferenceNoted,
    OpinionDrawn,
    OpinionProbabilitySet,
)
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.plan.events import ModeratorJoined
from services.moderation.domain.plan.refusals import CohortNotSettledError
from services.moderation.domain.situations import Moderating, Settled
from services.moderation.handlers import ComparedCase
from services.moderation.handlers.opening import NotYoursError
from services.moderation.handlers.streams import (
    case_stream,
    draw_stream,
    opinion_stream,
    plan_stream,
)
from services.moderation.read_models import CaseRow, case_of, follow_case
from shared.vocabulary import CriterionKey
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    OTHER_TOKEN,
    SECOND,
    disputed,
    taken,
)
from tests.unit.moderation.test_case import record
from tests.unit.moderation.test_recall import case, renewed
from tests.unit.moderation.world import World

ALWAYS = 1_000_000
HIGHER: dict[CriterionKey, int] = {**CM_LEVELS, "reliability": 4}


async def checked_world(cases: int = 1, *, ppm: int = ALWAYS) -> World:
    """Return a world in which every case is judged, drawn, and judged twice."""
    world = World(second_opinions_ppm=ppm)
    await world.ready()
    for number in range(1, cases + 1):
        await world.completed(number)
    return world


async def of_case(world: World, kind: Any, number: int = 1) -> list[Any]:
    facts = await world.facts(case_stream(f"c{number}", 1))
    return [fact for fact in facts if isinstance(fact, kind)]


async def about(world: World, moderator: str, kind: Any) -> list[Any]:
    facts = await world.facts(opinion_stream(COHORT, moderator))
    return [fact for fact in facts if isinstance(fact, kind)]


async def row(world: World, number: int = 1) -> CaseRow:
    """Return the row of the queue, as it is read."""
    found: CaseRow | None = None
    for event in await world.log.read_stream(case_stream(f"c{number}", 1)):
        (fact,) = [world.disclosure.codec.decode(event)]
        if case_of(fact, event):
            found = follow_case(found, fact, event)  # type: ignore[arg-type]
    assert found is not None
    return found


class TestAgreedAndDrawn:
    """Source: moderation.md 9, and 4: decoys at the plan's rate."""

    async def test_waits_for_a_second_moderator(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        assert await of_case(world, SecondOpinionCalled)
        assert await of_case(world, Upheld) == []
        assert (await row(world)).stage == "second"

    async def test_is_upheld_by_the_majority_whatever_the_second_says(self) -> None:
        for levels in (CM_LEVELS, CNM_LEVELS):
            world = await checked_world()
            await world.judge(1, CM_LEVELS)
            await world.judge(1, levels, "p-mod2")
            (upheld,) = await of_case(world, Upheld)
            assert upheld.by == "majority"
            assert (await row(world)).stage == "settled"

    async def test_counts_for_the_reviewer_only_then_by_the_first(self) -> None:
        world = await checked_world()
        await world.judge(1, HIGHER)
        noted = draw_stream(COHORT, "p-rev")
        facts = await world.facts(noted)
        assert not [each for each in facts if isinstance(each, DifferenceNoted)]
        await world.judge(1, CNM_LEVELS, "p-mod2")
        facts = await world.facts(noted)
        (seen,) = [each for each in facts if isinstance(each, DifferenceNoted)]
        assert (seen.level_difference, seen.overturned) == (-1, False)

    async def test_is_not_judged_twice_by_one(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        with pytest.raises(Exception, match="another part"):
            await world.take(1, "p-mod")

    async def test_holds_the_release_until_it_is_settled(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        with pytest.raises(CohortNotSettledError):
            await world.release()
        await world.judge(1, CM_LEVELS, "p-mod2")
        await world.release()
        assert len(await of_case(world, OutcomeReleased)) == 1

    async def test_shows_the_first_nothing_of_the_second(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        view = await world.showing.case(world.shown(1, "p-mod"))
        assert isinstance(view, ComparedCase)
        assert "p-mod2" not in view.model_dump_json()
        assert view.mine.levels == CM_LEVELS

    async def test_goes_no_further_once_the_participant_withdraws(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await world.arrivals.withdrawn(
            "c1", withdrawn_at=world.now, at=world.now, cause=world.cause()
        )
        with pytest.raises(Exception, match="withdrawn"):
            await world.take(1, "p-mod2")
        assert (await row(world)).stage == "withdrawn"
        assert await about(world, "p-mod", ModeratorDifferenceNoted) == []

    async def test_falls_overdue_like_any_other(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        late = world.now + timedelta(days=60)
        await world.due.mark_overdue("c1", 1, at=late, cause=world.cause())
        assert (await row(world)).overdue_since is not None


class TestAgreedAndNotDrawn:
    async def test_is_upheld_at_once(self) -> None:
        world = await checked_world(ppm=1)
        await world.judge(1, CM_LEVELS)
        (upheld,) = await of_case(world, Upheld)
        assert upheld.by == "agreement"
        (drawn,) = await about(world, "p-mod", OpinionDrawn)
        assert not drawn.selected

    async def test_leaves_no_trace_under_a_plan_without_second_opinions(self) -> None:
        world = await checked_world(ppm=0)
        await world.judge(1, CM_LEVELS)
        assert len(await of_case(world, Upheld)) == 1
        assert await world.facts(opinion_stream(COHORT, "p-mod")) == []
        joined = await world.facts(plan_stream(COHORT))
        assert not [each for each in joined if isinstance(each, ModeratorJoined)]


class TestDisputed:
    async def test_calls_a_second_whatever_was_drawn(self) -> None:
        for ppm in (1, ALWAYS):
            world = await checked_world(ppm=ppm)
            await world.judge(1, CNM_LEVELS)
            assert len(await of_case(world, SecondOpinionCalled)) == 1

    async def test_counts_for_moderators_only_where_it_was_drawn(self) -> None:
        """Otherwise their charts would see mostly what is disputed."""
        for ppm, noted in ((1, 0), (ALWAYS, 1)):
            world = await checked_world(ppm=ppm)
            await world.judge(1, CNM_LEVELS)
            await world.judge(1, CM_LEVELS, "p-mod2")
            for moderator in ("p-mod", "p-mod2"):
                found = await about(world, moderator, ModeratorDifferenceNoted)
                assert len(found) == noted


class TestComparison:
    async def test_is_noted_for_both_as_mirrors(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        (first,) = await about(world, "p-mod", ModeratorDifferenceNoted)
        (second,) = await about(world, "p-mod2", ModeratorDifferenceNoted)
        assert (first.place, first.level_difference) == ("first", 1)
        assert (second.place, second.level_difference) == ("second", -1)
        assert first.outcome_differs
        assert second.outcome_differs

    async def test_names_each_moderator_once_in_the_plan(self) -> None:
        world = await checked_world(3)
        for number in (1, 2, 3):
            await world.judge(number, CM_LEVELS)
            await world.judge(number, CM_LEVELS, "p-mod2")
        facts = await world.facts(plan_stream(COHORT))
        joined = [f.moderator_id for f in facts if isinstance(f, ModeratorJoined)]
        assert joined == ["p-mod", "p-mod2"]

    async def test_draws_once_for_each_first_judgement(self) -> None:
        world = await checked_world(3, ppm=500_000)
        for number in (1, 2, 3):
            await world.judge(number, CM_LEVELS)
        assert len(await about(world, "p-mod", OpinionProbabilitySet)) == 3
        assert len(await about(world, "p-mod", OpinionDrawn)) == 3


class TestBlindness:
    """Source: moderation.md 4 and 9: being second tells nothing (two worlds)."""

    async def second_in(self, first: dict[CriterionKey, int]) -> World:
        """Return a world where a second waits: drawn, or since the first differs."""
        world = await checked_world()
        await world.judge(1, first)
        return world

    async def test_gives_equal_bytes_whether_drawn_or_disputed(self) -> None:
        answers: list[list[str]] = []
        for first in (CM_LEVELS, CNM_LEVELS):
            world = await self.second_in(first)
            told = [(await row(world)).model_dump_json()]
            shown = world.shown(1, "p-mod2")
            with pytest.raises(NotYoursError) as refused:
                await world.showing.case(shown)
            told.append(str(refused.value))
            world._causes = 1_000
            handled = await world.cases.take(shown, world.cause())
            told.append(str([fact.type for fact in handled.facts]))  # type: ignore[attr-defined]
            held = (await world.showing.case(shown)).model_dump(mode="json")
            held.pop("snapshot_sha256")  # sealed with another key in each world
            told.append(str(held))
            _, portfolio = await world.showing.opening.portfolio(shown)
            told.append(portfolio.model_dump_json())
            answers.append(told)
        assert answers[0] == answers[1]

    async def test_records_the_same_of_what_could_be_seen(self) -> None:
        seen = []
        for first in (CM_LEVELS, CNM_LEVELS):
            world = await self.second_in(first)
            await world.judge(1, CM_LEVELS, "p-mod2")
            state = await case(world)
            assert isinstance(state, Settled)
            seen.append(state.moderated.blind[1].visible.fields)
        assert seen[0] == seen[1]


class TestRecall:
    """Source: domain.md 4: a judgement may be taken back for some minutes."""

    async def test_of_what_waits_for_a_second_keeps_waiting_for_one(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=HIGHER)
        state = await case(world)
        assert isinstance(state, Moderating)
        assert state.stage == "second"
        await world.judge(1, CM_LEVELS, "p-mod2")
        assert isinstance(await case(world), Settled)
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_of_what_was_disputed_still_has_the_second_that_was_drawn(
        self,
    ) -> None:
        world = await checked_world()
        await world.judge(1, CNM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        state = await case(world)
        assert isinstance(state, Moderating)
        assert state.stage == "second"

    async def test_of_what_was_not_drawn_settles_by_agreement_again(self) -> None:
        world = await checked_world(ppm=1)
        await world.judge(1, CM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=HIGHER)
        assert isinstance(await case(world), Settled)


class TestSecondJudgement:
    def test_calls_nobody_else_whatever_was_drawn(self) -> None:
        levels = CM_LEVELS
        history = (*disputed(), taken(SECOND, OTHER_TOKEN))
        command = record(levels, by=SECOND, token=OTHER_TOKEN)
        asked = replace(command, is_second_drawn=True)
        facts = moderation.decide(asked, moderation.fold(history))  # type: ignore[arg-type]
        assert not [fact for fact in facts if isinstance(fact, SecondOpinionCalled)]
        assert facts == moderation.decide(command, moderation.fold(history))  # type: ignore[arg-type]
