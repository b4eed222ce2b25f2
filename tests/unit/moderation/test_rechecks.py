"""Moderators stand on a ladder, too: who is paused, and what becomes of their cases."""

import pytest

from services.moderation.api.queue import _stages
from services.moderation.domain.decisions import Amend, Upheld
from services.moderation.domain.detection import Scores
from services.moderation.domain.events import ReferredToLead, SecondOpinionCalled
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionProbabilitySet,
)
from services.moderation.domain.recalls import TakeEnded
from services.moderation.domain.rechecks import RecheckOrdered
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    CaseWithdrawnError,
    ModeratorPausedError,
    NobodyPausedError,
    NotALeadError,
    NotIndependentError,
    NotSettledError,
)
from services.moderation.domain.situations import Moderating, Settled
from services.moderation.domain.standing.events import ResultWeighed, StandingChanged
from services.moderation.handlers import Rechecks, RecheckWords, StandingWords
from services.moderation.handlers.streams import standing_stream
from shared.vocabulary import CriterionKey
from shared.web.identity import Identity
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT
from tests.unit.moderation.test_recall import case, renewed
from tests.unit.moderation.test_second_opinions import about, checked_world, of_case
from tests.unit.moderation.test_whole import overturning
from tests.unit.moderation.world import FEEDBACK, World

LOW: dict[CriterionKey, int] = dict.fromkeys(CM_LEVELS, 2)
BECAUSE = RecheckWords(reason="Their charts say that they are harsh.")


def amending() -> Amend:
    words = {
        "decision": "amend",
        "reason": "It can be said more kindly.",
        "feedback": FEEDBACK.model_dump(mode="json"),
    }
    return Amend.model_validate(words)


def rechecks(world: World) -> Rechecks:
    return Rechecks(world.handling, world.vault, world.standings)


async def pause(world: World, person: str = "p-mod") -> None:
    words = StandingWords(standing="paused", part="moderator", reason="Looked into.")
    await world.standings.set(
        person, words, by="p-lead", at=world.now, cause=world.cause()
    )


async def order(world: World, by: str = "p-lead") -> None:
    await rechecks(world).order(world.shown(1, by), BECAUSE, world.cause())


async def upheld_world(*, ppm: int = 1) -> World:
    """Return a world whose first case one moderator agreed with."""
    world = await checked_world(ppm=ppm)
    await world.judge(1, CM_LEVELS)
    return world


async def steps(world: World, person: str) -> list[tuple[str, str, str]]:
    facts = await world.facts(standing_stream(person))
    return [
        (fact.part, fact.standing, fact.tier)
        for fact in facts
        if isinstance(fact, StandingChanged)
    ]


class TestLadder:
    """Source: statistics.md 4, last sentence: moderators, same ladder."""

    async def test_weighs_a_comparison_for_both_moderators(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        for person, signed in (("p-mod", 1), ("p-mod2", -1)):
            facts = await world.facts(standing_stream(person))
            (weighed,) = [fact for fact in facts if isinstance(fact, ResultWeighed)]
            assert (weighed.part, weighed.level_difference) == ("moderator", signed)
            assert (weighed.is_overturned, weighed.is_clear) == (True, False)

    async def test_leaves_probation_after_five_that_agree(self) -> None:
        world = await checked_world(5)
        for number in range(1, 6):
            await world.judge(number, CM_LEVELS)
            await world.judge(number, CM_LEVELS, "p-mod2")
        for person in ("p-mod", "p-mod2"):
            assert await steps(world, person) == [("moderator", "normal", "earned")]

    async def test_pauses_who_marks_unlike_everybody_without_doubt(self) -> None:
        world = await checked_world(8)
        others = [f"p-other{number}" for number in range(8)]
        for number, other in enumerate(others, start=1):
            await world.granted(other, "moderator")
            await world.judge(number, CM_LEVELS, other)
            if ("moderator", "paused", "action") in await steps(world, "p-mod"):
                break
            await world.judge(number, LOW, "p-mod")
        assert await about(world, "p-mod", ModeratorAlarmRaised)
        assert (await steps(world, "p-mod"))[-1] == ("moderator", "paused", "action")
        for other in others:
            assert await steps(world, other) == []

    async def test_weighs_nothing_from_before_a_pause(self) -> None:
        world = await checked_world()
        await world.judge(1, CM_LEVELS)
        await pause(world)
        world.pass_time(minutes=1)
        words = StandingWords(standing="probation", part="moderator", reason="Trained.")
        await world.standings.set(
            "p-mod", words, by="p-lead", at=world.now, cause=world.cause()
        )
        await world.judge(1, CNM_LEVELS, "p-mod2")
        facts = [
            *await world.facts(standing_stream("p-mod")),
            *await world.facts(standing_stream("p-mod2")),
        ]
        weighed = [fact for fact in facts if isinstance(fact, ResultWeighed)]
        assert [each.precedes_probation for each in weighed] == [True, False]

    async def test_starts_the_charts_anew_after_a_pause(self) -> None:
        """What they judged before moves them no more, whoever judges it second."""
        world = await checked_world(3)
        await world.judge(1, LOW)
        await world.judge(1, CM_LEVELS, "p-mod2")
        await world.judge(2, LOW)
        await pause(world)
        world.pass_time(minutes=1)
        words = StandingWords(standing="probation", part="moderator", reason="Trained.")
        await world.standings.set(
            "p-mod", words, by="p-lead", at=world.now, cause=world.cause()
        )
        await world.judge(2, CM_LEVELS, "p-mod2")
        before, old = await about(world, "p-mod", ModeratorDifferenceNoted)
        assert before.scores != old.scores == Scores()
        assert old.precedes_probation
        *_, other = await about(world, "p-mod2", ModeratorDifferenceNoted)
        assert not other.precedes_probation
        await world.judge(3, LOW)
        await world.judge(3, CM_LEVELS, "p-mod2")
        *_, new = await about(world, "p-mod", ModeratorDifferenceNoted)
        assert (new.precedes_probation, new.scores) == (False, before.scores)
        (applied,) = await about(world, "p-mod", ModeratorStandingApplied)
        assert applied.charts_from == old.occurred_at
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_makes_second_opinions_likelier_from_then_on(self) -> None:
        world = await checked_world(2, ppm=1)
        words = StandingWords(standing="tightened", part="moderator", reason="Seen.")
        await world.standings.set(
            "p-mod", words, by="p-lead", at=world.now, cause=world.cause()
        )
        await world.judge(1, CM_LEVELS)
        (applied,) = await about(world, "p-mod", ModeratorStandingApplied)
        (likely,) = await about(world, "p-mod", OpinionProbabilitySet)
        assert (applied.standing, applied.least_ppm) == ("tightened", 300_000)
        assert (likely.probability_ppm, likely.rule) == (300_000, "standing")

    async def test_does_not_touch_the_draws_of_reviewers(self) -> None:
        """Whoever does both stands on two ladders."""
        world = await checked_world()
        await pause(world, "p-rev")
        held = await world.standings.held(COHORT)
        assert held.held == []


class TestPause:
    async def test_gives_a_moderator_no_case(self) -> None:
        world = await checked_world()
        await pause(world)
        with pytest.raises(ModeratorPausedError):
            await world.take(1)
        await world.take(1, "p-mod2")

    async def test_lets_them_neither_read_nor_judge_what_they_hold(self) -> None:
        world = await checked_world()
        await world.take(1)
        await pause(world)
        shown = world.shown(1, "p-mod")
        with pytest.raises(ModeratorPausedError):
            await world.showing.opening.portfolio(shown)
        with pytest.raises(ModeratorPausedError):
            await world.showing.case(shown)

    async def test_returns_what_they_hold_once(self) -> None:
        world = await checked_world()
        token = await world.take(1)
        await pause(world)
        for _ in range(2):
            await rechecks(world).end_take(
                "c1", 1, moderator_id="p-mod", at=world.now, cause=world.cause()
            )
        (ended,) = await of_case(world, TakeEnded)
        assert (ended.moderator_id, ended.token, ended.because) == (
            "p-mod",
            token,
            "paused",
        )
        await world.take(1, "p-mod2")

    async def test_leaves_others_what_they_hold(self) -> None:
        world = await checked_world()
        await world.take(1, "p-mod2")
        await rechecks(world).end_take(
            "c1", 1, moderator_id="p-mod", at=world.now, cause=world.cause()
        )
        assert await of_case(world, TakeEnded) == []

    async def test_empties_their_queue(self) -> None:
        world = await checked_world()
        reader = Identity(person_id="p-mod", roles=frozenset({"moderator"}))
        opening = world.showing.opening
        before = _stages(reader, await opening.standing_of("p-mod"))
        assert before == ("first", "second")
        await pause(world)
        assert _stages(reader, await opening.standing_of("p-mod")) == ()


class TestView:
    async def test_names_what_a_paused_moderator_judged_and_is_not_released(
        self,
    ) -> None:
        world = await checked_world(2, ppm=1)
        await world.judge(1, CM_LEVELS)
        await world.judge(2, CM_LEVELS, "p-mod2")
        await pause(world)
        view = await rechecks(world).of_cohort(
            COHORT, reader_id="p-lead", with_reasons=True
        )
        assert [each.person_id for each in view.moderators] == ["p-mod", "p-mod2"]
        (named,) = view.judged_by_paused
        assert (named.case_id, named.moderator_id, named.recheck) == (
            "c1",
            "p-mod",
            "second_moderator",
        )
        await world.release()
        after = await rechecks(world).of_cohort(
            COHORT, reader_id="p-lead", with_reasons=True
        )
        assert after.judged_by_paused == []

    async def test_says_where_two_have_judged_that_the_lead_would_decide(self) -> None:
        world = await upheld_world(ppm=1_000_000)
        await world.judge(1, CM_LEVELS, "p-mod2")
        await pause(world, "p-mod2")
        view = await rechecks(world).of_cohort(
            COHORT, reader_id="p-lead", with_reasons=False
        )
        assert [each.recheck for each in view.judged_by_paused] == ["lead"]

    async def test_leaves_out_the_reader(self) -> None:
        world = await upheld_world()
        view = await rechecks(world).of_cohort(
            COHORT, reader_id="p-mod", with_reasons=True
        )
        assert view.moderators == []


class TestRecheck:
    async def test_calls_a_second_moderator_and_settles_by_majority(self) -> None:
        world = await upheld_world()
        await pause(world)
        await order(world)
        (ordered,) = await of_case(world, RecheckOrdered)
        assert (ordered.moderator_id, ordered.ordered_by) == ("p-mod", "p-lead")
        assert len(await of_case(world, SecondOpinionCalled)) == 1
        with pytest.raises(Exception, match="not settled"):
            await world.release()
        await world.judge(1, CM_LEVELS, "p-mod2")
        assert [each.by for each in await of_case(world, Upheld)] == [
            "agreement",
            "majority",
        ]
        await world.release()

    async def test_refers_to_the_lead_where_the_second_moderator_differs(self) -> None:
        """The paused moderator's word is no majority: it is what is looked at."""
        world = await upheld_world()
        await pause(world)
        await order(world)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        assert len(await of_case(world, ReferredToLead)) == 1
        assert [each.by for each in await of_case(world, Upheld)] == ["agreement"]
        await world.decide(1, overturning())
        state = await case(world)
        assert isinstance(state, Settled)
        assert state.outcome == "CNM"

    async def test_refers_a_wide_gap_to_the_lead_too(self) -> None:
        world = await checked_world(0, ppm=1)
        await world.completed(1, levels=CNM_LEVELS)
        await world.judge(1, CNM_LEVELS)
        await pause(world)
        await order(world)
        await world.judge(1, dict.fromkeys(CM_LEVELS, 1), "p-mod2")
        assert len(await of_case(world, ReferredToLead)) == 1

    async def test_stays_with_the_lead_when_the_reviewer_judges_again(self) -> None:
        world = await upheld_world(ppm=1_000_000)
        await world.judge(1, CM_LEVELS, "p-mod2")
        await pause(world)
        await order(world)
        await world.recalled(1)
        await renewed(world)
        state = await case(world)
        assert isinstance(state, Moderating)
        assert state.stage == "lead"

    async def test_leaves_draws_that_anybody_can_check(self) -> None:
        world = await upheld_world()
        await pause(world)
        await order(world)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning())
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_refers_to_the_lead_what_two_have_judged(self) -> None:
        world = await upheld_world(ppm=1_000_000)
        await world.judge(1, CM_LEVELS, "p-mod2")
        await pause(world)
        await order(world)
        assert len(await of_case(world, ReferredToLead)) == 1
        await world.decide(1, overturning())
        state = await case(world)
        assert isinstance(state, Settled)
        assert state.outcome == "CNM"

    async def test_happens_once(self) -> None:
        world = await upheld_world()
        await pause(world)
        await order(world)
        await order(world)
        assert len(await of_case(world, RecheckOrdered)) == 1

    async def test_outlives_a_recall(self) -> None:
        world = await upheld_world()
        await pause(world)
        await order(world)
        await world.recalled(1)
        await renewed(world)
        state = await case(world)
        assert isinstance(state, Moderating)
        assert state.stage == "second"

    async def test_gives_the_case_to_anybody_but_who_ordered_it(self) -> None:
        world = await upheld_world()
        await world.granted("p-lead", "moderator")
        await pause(world)
        await order(world)
        with pytest.raises(NotIndependentError):
            await world.take(1, "p-lead")

    async def test_is_refused_while_nobody_is_paused(self) -> None:
        world = await upheld_world()
        with pytest.raises(NobodyPausedError):
            await order(world)

    async def test_is_refused_of_what_is_open_or_told(self) -> None:
        world = await checked_world(ppm=1)
        await pause(world, "p-mod2")
        with pytest.raises(NotSettledError):
            await order(world)
        await world.judge(1, CM_LEVELS)
        await world.release()
        with pytest.raises(NotSettledError):
            await order(world)

    async def test_is_refused_of_what_the_lead_decided(self) -> None:
        world = await checked_world(ppm=1)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning())
        await pause(world)
        with pytest.raises(AlreadyDecidedError):
            await order(world)

    async def test_is_not_prevented_by_what_the_moderator_decided_before(self) -> None:
        """What a moderator amended is no decision of a lead's."""
        world = await upheld_world()
        await world.decide(1, amending(), "p-mod")
        await pause(world)
        view = await rechecks(world).of_cohort(
            COHORT, reader_id="p-lead", with_reasons=False
        )
        assert [each.case_id for each in view.judged_by_paused] == ["c1"]
        await order(world)
        await world.judge(1, CM_LEVELS, "p-mod2")
        state = await case(world)
        assert isinstance(state, Settled)
        assert isinstance(state.decision, Upheld)

    async def test_is_refused_once_the_participant_withdrew(self) -> None:
        world = await upheld_world()
        await pause(world)
        await world.arrivals.withdrawn(
            "c1", withdrawn_at=world.now, at=world.now, cause=world.cause()
        )
        with pytest.raises(CaseWithdrawnError):
            await order(world)

    async def test_is_the_lead_s_alone(self) -> None:
        world = await upheld_world()
        await pause(world)
        with pytest.raises(NotALeadError):
            await order(world, "p-mod2")

    async def test_keeps_its_reason_sealed(self) -> None:
        world = await upheld_world()
        await pause(world)
        await order(world)
        for event in await world.log.read_stream("moderation-c1.1"):
            assert b"harsh" not in event.payload
