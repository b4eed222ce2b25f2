"""What a pause means: work is moderated, held, and released when it is settled."""

from typing import Any

import pytest

from services.moderation.app import CODEC
from services.moderation.domain.decisions import Return
from services.moderation.domain.detection import Scores
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DifferenceNoted,
    Drawn,
    ProbabilitySet,
    RemarkAllOrdered,
    StandingApplied,
)
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.plan.events import CohortReleased
from services.moderation.domain.plan.refusals import (
    AllHeldError,
    CohortNotSettledError,
    JudgementsRecalledError,
    OutcomesUnreleasedError,
)
from services.moderation.domain.standing.events import CohortJoined, StandingChanged
from services.moderation.handlers import Exports, StandingWords
from services.moderation.handlers.streams import case_stream, draw_stream
from services.moderation.verify_draw import check
from shared.vocabulary import CriterionKey
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, PARTIES
from tests.unit.moderation.forging import read
from tests.unit.moderation.test_recall import renewed
from tests.unit.moderation.test_whole import drawn_world, overturning
from tests.unit.moderation.world import World

HIGH: dict[CriterionKey, int] = dict.fromkeys(CM_LEVELS, 4)
"""What a moderator sees where a harsh reviewer sees the third level."""
OTHER = "ats-2026-03"
"""A cohort beside the usual one."""


async def selected(world: World, reviewer: str = "p-rev") -> list[int]:
    """Return the numbers of the cases that are moderated, in order of their draw."""
    return [
        int(fact.case_id.removeprefix("c"))
        for fact in await world.facts(draw_stream(COHORT, reviewer))
        if isinstance(fact, Drawn) and fact.selected
    ]


async def set_to(world: World, standing: str, person: str = "p-rev") -> None:
    words = StandingWords.model_validate(
        {"standing": standing, "reason": "Looked into."}
    )
    await world.standings.set(
        person, words, by="p-lead", at=world.now, cause=world.cause()
    )


async def two_reviewers(cases: int = 20) -> World:
    """Return a world where p-rev judged the first cases, and p-other one more."""
    world = await drawn_world(cases)
    await world.completed(100, reviewer="p-other")
    await world.judge(100, CM_LEVELS)
    return world


async def settle_all(world: World, *numbers: int) -> None:
    for number in numbers:
        await world.judge(number, CM_LEVELS)


async def scores(world: World) -> Scores:
    facts: Any = await world.facts(draw_stream(COHORT, "p-rev"))
    return draw.fold(facts).scores


async def held(world: World) -> dict[str, str]:
    found = (await world.standings.held(COHORT)).held
    return {each.case_id: each.waits_for for each in found}


class TestPause:
    """Source: statistics.md 4, ladder: paused; moderation.md 6."""

    async def test_has_everything_unreleased_moderated(self) -> None:
        world = await drawn_world(20)
        before = await selected(world)
        assert len(before) < 20
        await set_to(world, "paused")
        assert sorted(await selected(world)) == list(range(1, 21))
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        (order,) = [fact for fact in facts if isinstance(fact, RemarkAllOrdered)]
        assert (order.from_ordinal, order.to_ordinal, order.because) == (
            1,
            20,
            "paused",
        )
        again = facts[facts.index(order) + 1 : -1]
        rules = {fact.rule for fact in again if isinstance(fact, ProbabilitySet)}
        assert rules == {"remark_all"}
        (applied,) = [fact for fact in facts if isinstance(fact, StandingApplied)]
        assert (applied.standing, applied.least_ppm) == ("paused", 1_000_000)

    async def test_leaves_alone_what_is_released_or_withdrawn(self) -> None:
        world = await drawn_world(12)
        skipped = sorted(set(range(1, 13)) - set(await selected(world)))
        await settle_all(world, *await selected(world))
        await world.release()
        await world.completed(13)
        await set_to(world, "paused")
        assert not set(skipped) & set(await selected(world))
        assert 13 in await selected(world)

    async def test_leaves_draws_that_anybody_can_check(self) -> None:
        world = await drawn_world(20)
        await set_to(world, "paused")
        await world.completed(21)
        await settle_all(world, *range(1, 22))
        await world.release()
        await world.reveal_key()
        verdict = await world.verdict("p-rev")
        assert verdict.findings == ()
        assert verdict.draws > 21

    async def test_holds_in_every_cohort_where_they_judge(self) -> None:
        world = await drawn_world(1)
        facts = await world.facts("standing-p-rev")
        assert [type(fact) for fact in facts] == [CohortJoined]
        await set_to(world, "paused")
        await set_to(world, "probation")
        await world.completed(2)
        applied = [
            fact.standing
            for fact in await world.facts(draw_stream(COHORT, "p-rev"))
            if isinstance(fact, StandingApplied)
        ]
        assert applied == ["paused", "probation"]

    async def test_is_known_to_draws_that_begin_later(self) -> None:
        """A reviewer who is new in a cohort keeps the standing they have."""
        world = await drawn_world(0)
        await set_to(world, "tightened")
        await world.completed(1)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        assert isinstance(facts[0], StandingApplied)
        assert facts[0].least_ppm == 300_000


class TestInFlight:
    """What was judged before a pause and arrives later, under any plan."""

    async def paused(self) -> World:
        """Return a world with a reviewer paused, whose plan asks nothing of that."""
        world = World()
        world.rules = world.rules.model_copy(update={"standings": None})
        await world.ready()
        for number in range(1, 7):
            await world.completed(number)
        await set_to(world, "paused")
        return world

    async def test_is_moderated_like_what_had_arrived(self) -> None:
        world = await self.paused()
        for number in range(7, 15):
            await world.completed(number)
        assert sorted(await selected(world)) == list(range(1, 15))
        await self.check(world)

    async def test_is_moderated_when_the_pause_is_over(self) -> None:
        world = await self.paused()
        before = world.now
        world.pass_time(minutes=1)
        await set_to(world, "probation")
        for number in range(7, 15):
            await world.completed(number, completed_at=before)
        assert sorted(await selected(world)) == list(range(1, 15))
        for number in range(15, 22):
            await world.completed(number)
        assert len(await selected(world)) < 21
        await self.check(world)

    async def check(self, world: World) -> None:
        """Settle what was drawn, release all, and see that every draw follows."""
        await settle_all(world, *await selected(world))
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()


class TestWaiting:
    """What nobody could draw yet follows where the reviewer stands by then."""

    async def waiting(self, cases: int = 12) -> World:
        """Return a world where a party's number lacks, and judgements wait for it."""
        world = World()
        await world.publish()
        await world.commit_all()
        await world.reveal(*PARTIES[:-1])
        await world.granted("p-mod", "moderator")
        await world.granted("p-mod2", "moderator")
        await world.granted("p-lead", "lead_moderator")
        for number in range(1, cases + 1):
            await world.completed(number)
        await world.completed(100, reviewer="p-other")
        return world

    async def resumed(self) -> World:
        """Return such a world whose randomness was fixed when a pause was over."""
        world = await self.waiting()
        await set_to(world, "paused")
        world.pass_time(minutes=1)
        await set_to(world, "probation")
        await set_to(world, "normal")
        await world.reveal(PARTIES[-1])
        return world

    async def test_is_all_moderated_and_held_after_a_pause(self) -> None:
        world = await self.waiting()
        await set_to(world, "paused")
        await world.reveal(PARTIES[-1])
        assert await selected(world) == list(range(1, 13))
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        (order,) = [fact for fact in facts if isinstance(fact, RemarkAllOrdered)]
        assert (order.from_ordinal, order.to_ordinal) == (1, 12)
        assert set(await held(world)) == {f"c{number}" for number in range(1, 13)}
        assert await selected(world, "p-other") == [100]

    async def test_is_drawn_as_often_as_a_standing_asks(self) -> None:
        world = await self.waiting()
        await set_to(world, "tightened")
        await world.reveal(PARTIES[-1])
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        rules = [fact.rule for fact in facts if isinstance(fact, ProbabilitySet)]
        assert rules == ["first_judgements"] * 5 + ["standing"] * 7

    async def test_is_drawn_again_under_no_standing_that_is_over(self) -> None:
        world = await self.waiting()
        await set_to(world, "paused")
        await set_to(world, "probation")
        await world.reveal(PARTIES[-1])
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        applied = [fact for fact in facts if isinstance(fact, StandingApplied)]
        assert [fact.standing for fact in applied] == ["probation"]
        assert not any(isinstance(fact, RemarkAllOrdered) for fact in facts)

    async def test_is_all_moderated_when_the_pause_is_over_by_then(self) -> None:
        """As in a cohort where it was drawn: the order outlives the pause."""
        world = await self.resumed()
        assert await selected(world) == list(range(1, 13))
        await settle_all(world, *range(1, 13), 100)
        await world.completed(13)
        assert 13 not in await selected(world)
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev", "p-other")).findings == ()

    async def test_moves_no_chart_when_it_is_from_before_a_pause(self) -> None:
        """The pause was over before anything of it could be drawn."""
        world = await self.resumed()
        for number in range(1, 6):
            await world.judge(number, HIGH)
        assert await scores(world) == Scores()

    async def test_leaves_draws_that_anybody_can_check(self) -> None:
        world = await self.waiting()
        await set_to(world, "paused")
        await world.reveal(PARTIES[-1])
        await settle_all(world, *range(1, 13), 100)
        await world.release()
        await world.reveal_key()
        verdict = await world.verdict("p-rev", "p-other")
        assert (verdict.findings, verdict.draws) == ((), 13)
        exports = Exports(world.handling, world.log, CODEC)
        reviewers = await exports.reviewers(COHORT)
        told = await exports.export(COHORT, reviewers, lambda _done, _of: None)
        assert check(read(told)).startswith(f"{len(told['facts'])} draws")


class TestRelease:
    """Source: moderation.md 6: paused holds their unreleased results."""

    async def test_takes_along_everybody_else(self) -> None:
        world = await two_reviewers()
        await set_to(world, "paused")
        handled = await world.release()
        (fact,) = [f for f in handled.facts if isinstance(f, CohortReleased)]
        assert (fact.cases, fact.held) == (1, 20)
        told = await world.facts(case_stream("c100", 1))
        assert any(isinstance(each, OutcomeReleased) for each in told)

    async def test_waits_for_everybody_when_nobody_is_paused(self) -> None:
        world = await two_reviewers()
        with pytest.raises(CohortNotSettledError):
            await world.release()

    async def test_is_refused_when_all_is_held(self) -> None:
        world = await drawn_world(12)
        await set_to(world, "paused")
        with pytest.raises(AllHeldError) as refused:
            await world.release()
        assert refused.value.context["count"] == 12

    async def test_follows_once_all_of_it_is_settled(self) -> None:
        world = await two_reviewers()
        await set_to(world, "paused")
        await world.release()
        await settle_all(world, *range(1, 20))
        with pytest.raises(AllHeldError):
            await world.release()
        await settle_all(world, 20)
        handled = await world.release()
        (fact,) = [f for f in handled.facts if isinstance(f, CohortReleased)]
        assert (fact.cases, fact.held, fact.number) == (20, 0, 2)

    async def test_shows_the_lead_what_is_held_and_why(self) -> None:
        world = await two_reviewers(6)
        assert await held(world) == {}
        await set_to(world, "paused")
        await settle_all(world, 1)
        found = await held(world)
        assert found.pop("c1") == "the_others"
        assert set(found) == {f"c{number}" for number in range(2, 7)}
        assert set(found.values()) == {"moderation"}
        (who,) = (await world.standings.held(COHORT)).reviewers
        assert (who.person_id, who.standing, who.reason) == (
            "p-rev",
            "paused",
            "Looked into.",
        )


class TestAlarm:
    """Source: statistics.md 3.3 and 4: advisory, then action."""

    async def harsh(self, cases: int) -> World:
        """Return a world whose reviewer is three levels too low from the start."""
        world = await drawn_world(cases)
        for number in await selected(world):
            await self.moderate(world, number)
        return world

    async def moderate(self, world: World, number: int) -> None:
        await world.judge(number, HIGH)

    async def changes(self, world: World) -> list[StandingChanged]:
        facts = await world.facts("standing-p-rev")
        return [fact for fact in facts if isinstance(fact, StandingChanged)]

    async def test_pauses_a_reviewer_who_is_harsh_without_doubt(self) -> None:
        world = await self.harsh(40)
        (*_, last) = await self.changes(world)
        assert (last.standing, last.tier) == ("paused", "action")
        assert last.evidence is not None
        assert "harsh" in last.evidence.alarms
        assert last.evidence.severity_beyond_limit_ppm > 900_000
        assert last.cohort_id == COHORT

    async def test_pauses_nobody_again_for_work_from_before_the_pause(self) -> None:
        """Whoever qualifies before moderators are through begins anew all the same."""
        world = await drawn_world(14)
        await set_to(world, "paused")
        world.pass_time(minutes=1)
        await set_to(world, "probation")
        for number in range(1, 15):
            await self.moderate(world, number)
        assert [each.standing for each in await self.changes(world)] == [
            "paused",
            "probation",
        ]
        ladder = await world.standings.of("p-rev", "reviewer")
        assert ladder.results == 0

    async def test_starts_the_charts_anew_when_a_pause_ends(self) -> None:
        """What is settled since, of work from before, moves none of them."""
        world = await drawn_world(14)
        await self.moderate(world, 1)
        assert await scores(world) != Scores()
        await set_to(world, "paused")
        world.pass_time(minutes=1)
        await set_to(world, "probation")
        assert await scores(world) == Scores()
        for number in range(2, 15):
            await self.moderate(world, number)
        assert await scores(world) == Scores()
        await world.completed(15)
        await self.moderate(world, 15)
        assert await scores(world) != Scores()
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        noted = [each for each in facts if isinstance(each, DifferenceNoted)]
        old = [each.judgement_id for each in noted if each.precedes_probation]
        assert old == [each.judgement_id for each in noted[1:-1]]
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_goes_back_to_the_last_clean_block(self) -> None:
        """A chart above nought since the first judgement: no block was clean."""
        world = await self.harsh(40)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        (order,) = [fact for fact in facts if isinstance(fact, RemarkAllOrdered)]
        assert order.from_ordinal == 1
        assert sorted(set(await selected(world))) == list(range(1, 41))

    async def test_leaves_clean_blocks_as_they_are(self) -> None:
        """Severe from number 16 on, where a block begins; moderated as they come."""
        world = await drawn_world(15)
        before = await selected(world)
        await settle_all(world, *before)
        for number in range(16, 60):
            await world.completed(number)
            if number in await selected(world):
                await self.moderate(world, number)
            if (await self.changes(world))[-1].standing == "paused":
                break
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        (order,) = [fact for fact in facts if isinstance(fact, RemarkAllOrdered)]
        assert (order.from_ordinal, order.to_ordinal) == (16, number)
        assert [each for each in await selected(world) if each <= 15] == before
        assert set(range(16, number + 1)) <= set(await selected(world))


class TestTwoCohorts:
    """Whoever is paused is so in both; both begin anew when that ends."""

    async def facts(self, world: World, cohort: str, kind: type[Any]) -> list[Any]:
        facts = await world.facts(draw_stream(cohort, "p-rev"))
        return [each for each in facts if isinstance(each, kind)]

    async def resumed(self) -> World:
        """Return a world in which one judgement of each counted before a pause."""
        world = await drawn_world(14)
        await world.judge(1, HIGH)
        world.cohort = OTHER
        await world.publish()
        await world.commit_all()
        await world.reveal(*PARTIES)
        for number in range(101, 113):
            await world.completed(number)
        await world.judge(101, HIGH)
        await set_to(world, "paused")
        world.pass_time(minutes=1)
        await set_to(world, "probation")
        return world

    async def test_that_are_judged_at_once(self) -> None:
        world = await self.resumed()
        ended = world.now
        for cohort, numbers in ((COHORT, range(2, 15)), (OTHER, range(102, 113))):
            world.cohort = cohort
            for number in numbers:
                await world.judge(number, HIGH)
            first, *old = await self.facts(world, cohort, DifferenceNoted)
            assert first.scores != Scores()
            assert [each.scores for each in old] == [Scores()] * len(numbers)
            assert all(each.precedes_probation for each in old)
            applied = await self.facts(world, cohort, StandingApplied)
            assert [each.standing for each in applied] == ["paused", "probation"]
            assert applied[-1].charts_from == ended
            await world.release()
            await world.reveal_key()
            assert (await world.verdict("p-rev")).findings == ()


class TestOtherWork:
    """Source: moderation.md 5: re-mark all of this reviewer's unreleased work."""

    async def test_is_all_moderated_when_the_lead_says_so(self) -> None:
        world = await drawn_world(15)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning("remark_all"))
        assert sorted(await selected(world)) == list(range(1, 16))
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        (order,) = [fact for fact in facts if isinstance(fact, RemarkAllOrdered)]
        assert (order.because, order.ordered_by) == ("lead", "p-lead")
        assert order.because_of_case_id == "c1"
        view = await world.showing.lead_case(world.shown(1, "p-lead"))
        assert view.decision is not None
        assert view.decision.other_work == "remark_all"

    async def test_is_decided_about_when_a_judgement_is_returned(self) -> None:
        world = await drawn_world(15)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        words = {
            "decision": "return",
            "reason": "Read the accounts again.",
            "returning": {
                "other_work": "widened",
                "other_work_reason": "It may be a habit.",
                "widen_to_ppm": 1_000_000,
            },
        }
        await world.decide(1, Return.model_validate(words))
        assert sorted(await selected(world)) == list(range(1, 16))


class TestTakenBack:
    """What a paused reviewer took back is held like what is to be moderated."""

    async def test_does_not_make_the_others_wait(self) -> None:
        world = await two_reviewers()
        await world.recalled(3)
        await set_to(world, "paused")
        handled = await world.release()
        (fact,) = [f for f in handled.facts if isinstance(f, CohortReleased)]
        assert (fact.cases, fact.held) == (1, 20)

    async def test_holds_all_their_work_until_it_is_judged_and_moderated(self) -> None:
        world = await two_reviewers()
        await world.recalled(3)
        await set_to(world, "paused")
        await world.release()
        await settle_all(world, 1, 2, *range(4, 21))
        with pytest.raises(AllHeldError):
            await world.release()
        await renewed(world, 3, reviewer="p-other")
        await settle_all(world, 3)
        handled = await world.release()
        (fact,) = [f for f in handled.facts if isinstance(f, CohortReleased)]
        assert (fact.cases, fact.held) == (20, 0)

    async def test_keeps_the_key_secret(self) -> None:
        world = await two_reviewers()
        await world.recalled(3)
        await set_to(world, "paused")
        await world.release()
        with pytest.raises(OutcomesUnreleasedError) as refused:
            await world.reveal_key()
        assert refused.value.context["count"] == 20

    async def test_is_shown_to_the_lead_as_to_be_judged(self) -> None:
        world = await two_reviewers(6)
        await world.recalled(3)
        await set_to(world, "paused")
        await settle_all(world, 1)
        found = await held(world)
        assert (found["c1"], found["c2"], found["c3"]) == (
            "the_others",
            "moderation",
            "judgement",
        )

    async def test_of_somebody_who_is_not_paused_is_waited_for(self) -> None:
        world = await two_reviewers()
        await world.recalled(100, reviewer="p-other")
        await set_to(world, "paused")
        with pytest.raises(JudgementsRecalledError) as refused:
            await world.release()
        assert refused.value.context["cases"] == ["c100"]
