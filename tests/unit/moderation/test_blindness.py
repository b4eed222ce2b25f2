"""Whoever moderates and reads for another role, too, stays blind, or stands down."""

from datetime import timedelta

import pytest

from services.moderation.domain.decide import moderation
from services.moderation.domain.decisions import Uphold
from services.moderation.domain.refusals import (
    MayHaveReadError,
    StillModeratesError,
    StoodDownError,
)
from services.moderation.domain.situations import Case
from services.moderation.domain.standing.events import MarksRead, StoodDown
from services.moderation.handlers import Blindness
from services.moderation.handlers.blindness import may_be_judged_blind
from services.moderation.handlers.streams import case_stream, standing_stream
from services.moderation.outgoing import to_public
from shared.contracts import moderation as public
from shared.vocabulary import Role
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    disputed,
    opened,
    referred,
)
from tests.unit.moderation.test_rounds import order_fresh_review
from tests.unit.moderation.test_whole import drawn_world
from tests.unit.moderation.world import World

CASE = Scenario(moderation)
BOTH = "p-both"
UPHOLD = Uphold(decision="uphold", reason="The narrative does not show the effect.")


def blindness(world: World) -> Blindness:
    return Blindness(world.handling)


async def world_with_both(cases: int = 1) -> World:
    """Return a world in which somebody leads and moderates."""
    world = await drawn_world(cases)
    await world.granted(BOTH, "moderator")
    await world.granted(BOTH, "lead_moderator")
    return world


async def stand_down(world: World, cohort_id: str = COHORT) -> None:
    await blindness(world).stand_down(
        BOTH, cohort_id, at=world.now, cause=world.cause()
    )


class TestReading:
    """Source: moderation.md 4: first marks are in nothing a blind moderator reaches."""

    async def test_is_refused_to_who_moderates_and_says_what_to_do(self) -> None:
        world = await world_with_both()
        with pytest.raises(StillModeratesError) as refused:
            await blindness(world).require(BOTH, COHORT)
        assert refused.value.context == {
            "cohorts": [COHORT],
            "stand_down": f"POST /cohorts/{COHORT}/stand-down",
        }

    async def test_is_open_to_who_does_not_moderate(self) -> None:
        world = await world_with_both()
        await blindness(world).require("p-lead", COHORT)
        assert not [
            each
            for each in await world.facts(standing_stream("p-lead"))
            if isinstance(each, StoodDown)
        ]

    async def test_is_open_in_a_cohort_in_which_they_stood_down(self) -> None:
        world = await world_with_both()
        await stand_down(world)
        await stand_down(world)
        await blindness(world).require(BOTH, COHORT)
        with pytest.raises(StillModeratesError):
            await blindness(world).require(BOTH, "ats-2026-10")
        facts = await world.facts(standing_stream(BOTH))
        assert [each.cohort_id for each in facts if isinstance(each, StoodDown)] == [
            COHORT
        ]

    async def test_of_a_standing_rests_on_every_cohort_that_runs(self) -> None:
        world = await world_with_both()
        with pytest.raises(StillModeratesError):
            await blindness(world).require_of_person(BOTH, "p-rev")
        await blindness(world).require_of_person(BOTH, "p-unheard-of")
        await stand_down(world)
        await blindness(world).require_of_person(BOTH, "p-rev")
        assert (await world.standings.of("p-rev", "reviewer")).results == 0

    async def test_of_a_case_is_refused_while_it_may_be_judged_blind(self) -> None:
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        case = await state(world, 1)
        with pytest.raises(StillModeratesError):
            await blindness(world).require_of_case(BOTH, COHORT, case)
        await world.release()
        told = await state(world, 1)
        await blindness(world).require_of_case(BOTH, COHORT, told)
        assert (may_be_judged_blind(case), may_be_judged_blind(told)) == (True, False)

    async def test_of_a_told_case_is_refused_while_it_is_wanted_afresh(self) -> None:
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        await world.release()
        await order_fresh_review(world)
        wanted = await state(world, 1)
        with pytest.raises(StillModeratesError):
            await blindness(world).require_of_case(BOTH, COHORT, wanted)
        await blindness(world).require_of_case("p-lead", COHORT, wanted)
        await world.completed(1, reviewer="p-fresh", review=2)
        world.pass_time(minutes=15, seconds=1)
        await world.take(1, BOTH)


async def read(world: World) -> None:
    """Have them read what was judged of the first case, as the lead."""
    case = await state(world, 1)
    await blindness(world).require_of_case(BOTH, COHORT, case)
    await blindness(world).note_reading(world.shown(1, BOTH), "lead_moderator")


class TestHavingRead:
    """Source: moderation.md 4: what the second marker could see is recorded."""

    async def test_is_a_fact_once_and_is_told_to_review(self) -> None:
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        await world.release()
        await read(world)
        await read(world)
        facts = await world.facts(standing_stream(BOTH))
        (fact,) = [each for each in facts if isinstance(each, MarksRead)]
        message = to_public(fact, None)  # type: ignore[arg-type]
        assert message == public.MarksRead(person_id=BOTH, case_id="c1", attempt=1)

    async def test_keeps_from_judging_it_afresh_after_an_appeal(self) -> None:
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        await world.release()
        await read(world)
        await order_fresh_review(world)
        await world.completed(1, reviewer="p-fresh", review=2)
        world.pass_time(minutes=15, seconds=1)
        with pytest.raises(MayHaveReadError):
            await world.take(1, BOTH)
        await world.take(1, "p-mod2")

    async def test_leaves_its_decision_and_other_cases_to_them(self) -> None:
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        await world.release()
        await read(world)
        await order_fresh_review(world)
        await world.completed(1, reviewer="p-fresh", review=2, levels=CNM_LEVELS)
        world.pass_time(minutes=15, seconds=1)
        await world.granted("p-mod3", "moderator")
        await world.judge(1, CM_LEVELS, "p-mod2")
        await world.judge(1, CM_LEVELS, "p-mod3")
        assert (await world.decide(1, UPHOLD, BOTH)).facts
        await world.completed(2)
        await take(world, 2)


class TestMayBeJudgedBlind:
    """Source: moderation.md 4: two moderators at most, both blind."""

    def test_is_what_waits_for_a_moderator(self) -> None:
        assert may_be_judged_blind(CASE.state(opened()))
        assert may_be_judged_blind(CASE.state(*disputed()))

    def test_is_not_what_waits_for_the_lead_or_was_never_drawn(self) -> None:
        assert not may_be_judged_blind(CASE.state(*referred()))
        assert not may_be_judged_blind(CASE.state())


class TestJudging:
    """Source: moderation.md 4: what the second marker could see is recorded."""

    async def test_is_refused_to_who_stood_down(self) -> None:
        world = await world_with_both()
        await take(world)
        await stand_down(world)
        with pytest.raises(StoodDownError):
            await take(world)

    async def test_elsewhere_stays_theirs(self) -> None:
        world = await world_with_both()
        await stand_down(world, "ats-2026-10")
        await take(world)
        assert (await world.showing.case(world.shown(1, BOTH))).state == "held"

    @pytest.mark.parametrize("role", ["lead_moderator", "auditor", "operations"])
    async def test_is_refused_of_what_they_could_read_before(self, role: Role) -> None:
        world = await drawn_world(0)
        await granted(world, role, minutes=0)
        await world.completed(1)
        await granted(world, "moderator", minutes=10)
        await world.completed(2)
        with pytest.raises(MayHaveReadError):
            await take(world, 1)
        await take(world, 2)
        assert (await world.showing.case(world.shown(2, BOTH))).state == "held"

    async def test_is_not_refused_to_who_only_reads_from_then_on(self) -> None:
        world = await drawn_world(1)
        await granted(world, "moderator", minutes=10)
        await granted(world, "lead_moderator", minutes=10)
        await take(world)
        assert (await world.showing.case(world.shown(1, BOTH))).state == "held"


async def granted(world: World, role: Role, *, minutes: int) -> None:
    """Let somebody have a role so much later."""
    world.now += timedelta(minutes=minutes)
    await world.granted(BOTH, role)


async def take(world: World, number: int = 1) -> None:
    await world.cases.take(world.shown(number, BOTH), world.cause())


async def state(world: World, number: int) -> Case:
    _, found = await world.handling.fold(moderation, case_stream(f"c{number}", 1))
    return found
