"""Rounds of a cohort, returns, withdrawals and appeals, with rules and folds alone."""

from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import TypeAlias

import pytest

from services.moderation.domain.decisions import Amend, Return, ReturnOrdered
from services.moderation.domain.draw.events import (
    DifferenceNoted,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
)
from services.moderation.domain.events import Opened
from services.moderation.domain.outcomes import (
    FreshReviewWanted,
    JudgementModerated,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.plan.events import CohortReleased, PlanPublished
from services.moderation.domain.plan.refusals import (
    CohortNotSettledError,
    NothingJudgedError,
    OutcomesUnreleasedError,
    PlanTooLateError,
)
from services.moderation.domain.refusals import (
    CaseWithdrawnError,
    LevelsChangedError,
    NotIndependentError,
    NotOpenError,
)
from services.moderation.handlers import PlanWords
from services.moderation.handlers.fields import LATE_FIELD, RETURN_FIELD
from services.moderation.handlers.streams import (
    case_stream,
    draw_stream,
    plan_stream,
)
from services.moderation.outgoing import to_public
from shared.contracts import moderation as public
from shared.contracts.appeals import FreshReviewOrdered
from shared.contracts.submission import (
    MentorNominated,
    OrganisationStated,
    Withdrawn,
)
from shared.crypto import Grant, Purpose
from shared.handling import Handled
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, NOW, PARTIES
from tests.unit.moderation.test_whole import NEW_FEEDBACK
from tests.unit.moderation.world import FEEDBACK, World, received

Step: TypeAlias = Callable[[World], Awaitable[object]]

RETURN = Return.model_validate(
    {
        "decision": "return",
        "reason": "Cite the evidence of effect.",
        "returning": {"other_work": "not_widened", "other_work_reason": "One slip."},
    }
)
AMEND = Amend(decision="amend", reason="Clearer.", feedback=FEEDBACK)


async def ready() -> World:
    """Return a world where everything judged is drawn."""
    world = World()
    await world.ready()
    return world


async def withdraw(world: World, number: int) -> None:
    body = Withdrawn(case_id=f"c{number}", withdrawn_at=NOW)
    await world.handlers[Withdrawn](received(body, f"c{number}"))


def cases_in(handled: Handled) -> set[tuple[str, int]]:
    released = (fact for fact in handled.facts if isinstance(fact, OutcomeReleased))
    return {(fact.case_id, fact.attempt) for fact in released}


class TestRounds:
    """Source: S2 6.2.1; moderation.md 7: a batch is released when it is clear."""

    async def test_a_resubmission_does_not_hold_the_first_release(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.completed(2, attempt=2)
        await world.judge(1, CM_LEVELS)
        assert cases_in(await world.release()) == {("c1", 1)}

    async def test_a_late_case_does_not_hold_a_resubmission(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.completed(2, attempt=2)
        await world.judge(2, CM_LEVELS, attempt=2)
        handled = await world.release(2)
        assert cases_in(handled) == {("c2", 2)}
        (fact,) = [each for each in handled.facts if isinstance(each, CohortReleased)]
        assert (fact.attempt, fact.number) == (2, 1)
        with pytest.raises(CohortNotSettledError):
            await world.release()

    async def test_a_resubmission_is_drawn_as_work_of_its_reviewer(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.completed(1, attempt=2)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        ordinals = [f.ordinal for f in facts if isinstance(f, JudgementReceived)]
        assert ordinals == [1, 2]
        await world.judge(1, CM_LEVELS)
        await world.judge(1, CM_LEVELS, attempt=2)
        await world.release()
        await world.release(2)
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_the_key_waits_for_every_round(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.completed(2, attempt=2)
        await world.judge(1, CM_LEVELS)
        await world.release()
        with pytest.raises(OutcomesUnreleasedError):
            await world.reveal_key()


class TestWithdrawal:
    """Source: domain.md section 4: never released, and nothing drawn changes."""

    async def test_neither_holds_nor_joins_the_release(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.completed(2)
        drawn = await world.facts(draw_stream(COHORT, "p-rev"))
        await withdraw(world, 1)
        await world.judge(2, CM_LEVELS)
        assert cases_in(await world.release()) == {("c2", 1)}
        now = await world.facts(draw_stream(COHORT, "p-rev"))
        assert now[: len(drawn)] == drawn
        assert [type(fact) for fact in now[len(drawn) :]] == [DifferenceNoted]
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_leaves_nothing_to_release_when_everybody_withdrew(self) -> None:
        world = await ready()
        await world.completed(1)
        await withdraw(world, 1)
        with pytest.raises(NothingJudgedError):
            await world.release()

    async def test_counts_in_whatever_order_it_comes(self) -> None:
        """Source: architecture.md: no order is promised between topics."""
        steps: tuple[Step, ...] = (
            lambda world: world.completed(1),
            lambda world: withdraw(world, 1),
            lambda world: world.ready(),
        )
        for order in permutations(steps):
            world = World()
            for step in order:
                await step(world)
            drawn = [
                fact.selected
                for fact in await world.facts(draw_stream(COHORT, "p-rev"))
                if isinstance(fact, Drawn)
            ]
            assert drawn == [True]
            with pytest.raises(NothingJudgedError):
                await world.release()

    async def test_makes_an_outcome_untrue_that_was_not_told_yet(self) -> None:
        """Source: domain.md section 5: checked that it is still true."""
        world = await ready()
        await world.completed(1)
        await world.judge(1, CM_LEVELS)
        await world.release()
        stream = case_stream("c1", 1)
        told, result = (await world.log.read_stream(stream))[-2:]
        asked = world.disclosure.is_still_true
        assert await asked("c1", stream, told.event_id)
        await withdraw(world, 1)
        assert not await asked("c1", stream, told.event_id)
        assert await asked("c1", stream, result.event_id)


class TestReturn:
    """Source: moderation.md 5: return to reviewer."""

    async def returned_world(self) -> World:
        world = await ready()
        await world.completed(1)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, RETURN)
        return world

    async def test_tells_review_with_a_reason_only_the_reviewer_opens(self) -> None:
        world = await self.returned_world()
        facts = await world.facts(case_stream("c1", 1))
        (order,) = [fact for fact in facts if isinstance(fact, ReturnOrdered)]
        message = to_public(order, None)  # type: ignore[arg-type]
        assert isinstance(message, public.ReturnOrdered)
        assert (message.review_id, message.reviewer_id) == ("c1.1.1", "p-rev")
        grant = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
        text = await world.vault.open(
            message.reason, str, field=RETURN_FIELD, grant=grant
        )
        assert text == RETURN.reason
        view = await world.showing.lead_case(world.shown(1, "p-lead"))
        assert view.returned_because == RETURN.reason

    @pytest.mark.parametrize("reviewer", ["p-rev", "p-other"])
    async def test_comes_back_without_a_second_draw(self, reviewer: str) -> None:
        world = await self.returned_world()
        await world.completed(1, levels=CNM_LEVELS, reviewer=reviewer)
        facts = await world.facts(draw_stream(COHORT, reviewer))
        after = [type(fact) for fact in facts if not isinstance(fact, DifferenceNoted)]
        assert after[-1] is JudgementSetAside
        drawn = await world.facts(draw_stream(COHORT, "p-rev"))
        (noted,) = [fact for fact in drawn if isinstance(fact, DifferenceNoted)]
        assert (noted.level_difference, noted.overturned) == (1, True)
        (told,) = [
            fact
            for fact in (await world.release()).facts
            if isinstance(fact, OutcomeReleased)
        ]
        assert told.outcome == "CNM"
        await world.reveal_key()
        verdict = await world.verdict("p-rev", *({reviewer} - {"p-rev"}))
        assert verdict.findings == ()

    async def test_holds_the_release_until_then(self) -> None:
        world = await self.returned_world()
        with pytest.raises(CohortNotSettledError):
            await world.release()


class TestReviewersOwnResults:
    """Source: domain.md section 5: reviewer's own moderation results."""

    async def test_are_told_with_the_release_and_not_before(self) -> None:
        """Earlier they would tell where in a block the hidden judgement is."""
        world = await ready()
        await world.completed(1)
        handled = await world.judge(1, CM_LEVELS)
        assert not any(isinstance(f, JudgementModerated) for f in handled.facts)
        await world.cases.decide(world.shown(1, "p-mod"), AMEND, world.cause())
        results = [
            fact
            for fact in (await world.release()).facts
            if isinstance(fact, JudgementModerated)
        ]
        assert [(each.review_id, each.result) for each in results] == [
            ("c1.1.1", "amended")
        ]


async def order_fresh_review(world: World, appeal_id: str = "a1") -> None:
    body = FreshReviewOrdered(
        case_id="c1",
        participant_id="p-ana",
        appeal_id=appeal_id,
        attempt=1,
        excluded=("p-panel",),
        ordered_at=NOW,
    )
    await world.handlers[FreshReviewOrdered](received(body, appeal_id))


class TestAppeal:
    """Source: domain.md section 3: an appeal that is upheld."""

    async def appealed_world(self) -> World:
        world = await ready()
        await world.completed(1, levels=CNM_LEVELS)
        await world.judge(1, CNM_LEVELS)
        await world.release()
        await order_fresh_review(world)
        return world

    async def test_asks_review_for_somebody_with_no_part(self) -> None:
        world = await self.appealed_world()
        facts = await world.facts(case_stream("c1", 1))
        (wanted,) = [fact for fact in facts if isinstance(fact, FreshReviewWanted)]
        message = to_public(wanted, None)  # type: ignore[arg-type]
        assert message == public.ReviewWanted(
            case_id="c1",
            attempt=1,
            number=2,
            excluded=("p-rev", "p-mod", "p-panel"),
        )

    async def test_ends_in_a_revised_outcome_confirmed_by_somebody_else(self) -> None:
        world = await self.appealed_world()
        await world.completed(1, reviewer="p-fresh", review=2)
        with pytest.raises(NotIndependentError):
            await world.take(1, "p-mod")
        world.pass_time(minutes=15, seconds=1)
        handled = await world.judge(1, CM_LEVELS, "p-mod2")
        (revised,) = [f for f in handled.facts if isinstance(f, OutcomeRevised)]
        message = to_public(revised, None)  # type: ignore[arg-type]
        assert isinstance(message, public.OutcomeRevised)
        assert (message.outcome, message.replaces) == ("CM", "CNM")
        assert message.took_part == ("p-rev", "p-mod", "p-fresh", "p-mod2")
        assert message.review_id == "c1.1.2"
        stream = case_stream("c1", 1)
        events = await world.log.read_stream(stream)
        last = {event.type: event.event_id for event in events}
        asked = world.disclosure.is_still_true
        assert await asked("c1", stream, last["moderation.OutcomeRevised"])
        assert not await asked("c1", stream, last["moderation.OutcomeReleased"])

    async def test_draws_nothing_and_releases_nothing_again(self) -> None:
        world = await self.appealed_world()
        await world.completed(1, reviewer="p-fresh", review=2)
        assert (await world.release()).facts == ()
        facts = await world.facts(draw_stream(COHORT, "p-fresh"))
        assert [type(fact) for fact in facts] == [JudgementSetAside]
        await world.judge(1, CM_LEVELS, "p-mod2")
        await world.reveal_key()
        assert (await world.verdict("p-rev", "p-fresh")).findings == ()

    async def test_ends_with_a_withdrawal_in_either_order(self) -> None:
        """Source: architecture.md: no order is promised between topics."""
        orders: tuple[tuple[Step, ...], ...] = (
            (order_fresh_review, lambda world: withdraw(world, 1)),
            (lambda world: withdraw(world, 1), order_fresh_review),
        )
        for steps in orders:
            world = await ready()
            await world.completed(1, levels=CNM_LEVELS)
            await world.judge(1, CNM_LEVELS)
            await world.release()
            for step in steps:
                await step(world)
            await world.completed(1, reviewer="p-fresh", review=2)
            facts = await world.facts(case_stream("c1", 1))
            assert sum(isinstance(fact, Opened) for fact in facts) == 1
            with pytest.raises(CaseWithdrawnError):
                await world.take(1, "p-mod2")
            stream = case_stream("c1", 1)
            for event in await world.log.read_stream(stream):
                if event.type == "moderation.OutcomeReleased":
                    asked = world.disclosure.is_still_true
                    assert not await asked("c1", stream, event.event_id)

    async def test_of_a_case_that_was_never_drawn_is_moderated_all_the_same(
        self,
    ) -> None:
        world = World(first_judgements=1, block_size=1000)
        await world.ready()
        for number in range(2, 30):
            await world.completed(number)
        await world.judge(2, CM_LEVELS)
        skipped = [n for n in range(2, 30) if not await self._is_open(world, n)]
        for number in set(range(3, 30)) - set(skipped):
            await world.judge(number, CM_LEVELS)
        await world.release()
        case_id = f"c{skipped[0]}"
        body = FreshReviewOrdered(
            case_id=case_id,
            participant_id="p-ana",
            appeal_id="a9",
            attempt=1,
            excluded=(),
            ordered_at=NOW,
        )
        await world.handlers[FreshReviewOrdered](received(body, "a9"))
        await world.completed(skipped[0], reviewer="p-fresh", review=2)
        assert await self._is_open(world, skipped[0])

    async def _is_open(self, world: World, number: int) -> bool:
        facts = await world.facts(case_stream(f"c{number}", 1))
        return any(isinstance(fact, Opened) for fact in facts)


class TestIndependence:
    """Source: domain.md section 1: decided from facts, and again at the decision."""

    async def test_ends_when_a_moderator_is_nominated_as_mentor(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.take(1)
        body = MentorNominated(case_id="c9", participant_id="p-ana", mentor_id="p-mod")
        await world.handlers[MentorNominated](received(body))
        with pytest.raises(NotIndependentError):
            await world.take(1)

    async def test_is_decided_on_the_present_employer(self) -> None:
        world = await ready()
        await world.completed(1)
        await world.take(1)
        body = OrganisationStated(person_id="p-mod", organisation_id="o-college")
        await world.handlers[OrganisationStated](received(body))
        with pytest.raises(NotIndependentError):
            await world.take(1)


class TestLatePlan:
    """Source: moderation.md 1: published before the first judgement."""

    WORDS = PlanWords(cohort_id=COHORT, programme="ATS", parties=PARTIES)

    async def publish(self, world: World, late_because: str | None) -> Handled:
        words = self.WORDS.model_copy(update={"late_because": late_because})
        cause = world.cause()
        return await world.plans.publish(words, by="p-lead", at=world.now, cause=cause)

    async def test_is_refused_unless_it_says_why(self) -> None:
        world = World()
        await world.completed(1)
        with pytest.raises(PlanTooLateError):
            await self.publish(world, None)
        handled = await self.publish(world, "The lead was ill.")
        (fact,) = [each for each in handled.facts if isinstance(each, PlanPublished)]
        assert fact.reviewers_before == ("p-rev",)
        assert fact.late_because is not None
        grant = Grant(role="lead_moderator", purpose=Purpose.MODERATE)
        text = await world.vault.open(
            fact.late_because, str, field=LATE_FIELD, grant=grant
        )
        assert text == "The lead was ill."

    async def test_has_everything_moderated_that_was_judged_before(self) -> None:
        world = World(first_judgements=1, block_size=1000)
        for number in range(1, 12):
            await world.completed(number)
        world.pass_time(hours=1)
        await world.ready()
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        assert [f.selected for f in facts if isinstance(f, Drawn)] == [True] * 11
        stored = await world.facts(plan_stream(COHORT))
        assert any(isinstance(fact, PlanPublished) for fact in stored)


async def test_amending_needs_the_levels_of_the_reviewer() -> None:
    """Source: moderation.md 5: amend feedback only; NEW_FEEDBACK has other levels."""
    world = await ready()
    await world.completed(1)
    words = Amend.model_validate(
        {"decision": "amend", "reason": "Clearer.", "feedback": NEW_FEEDBACK}
    )
    with pytest.raises(NotOpenError):
        await world.take(2)
    await world.judge(1, CM_LEVELS)
    view = await world.showing.case(world.shown(1, "p-mod"))
    assert view.model_dump()["feedback"] == FEEDBACK.model_dump()
    with pytest.raises(LevelsChangedError):
        await world.decide(1, words, "p-mod")
