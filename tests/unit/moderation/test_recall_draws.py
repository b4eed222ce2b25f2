"""A judgement that comes back as another kind is moderated, whatever was drawn."""

from typing import Any

import pytest

from services.moderation.domain.draw.commands import NoteRenewal, ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DifferenceNoted,
    DrawEvent,
    Drawn,
    ProbabilitySet,
    RenewalReceived,
    SampledAsChanged,
)
from services.moderation.domain.draw.selecting import differences
from services.moderation.domain.events import Opened
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import (
    FreshReviewWanted,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.plan.refusals import JudgementsRecalledError
from services.moderation.domain.situations import Moderating, Settled, Unopened
from services.moderation.domain.verification import verify
from services.moderation.handlers.streams import case_stream, draw_stream
from services.moderation.statistics.reports.records import records_of
from shared.contracts.review import FreshReviewAsked
from shared.vocabulary import CRITERIA
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    NOW,
    PARTIES,
    RULES,
    SAMPLER,
    judged,
)
from tests.unit.moderation.test_recall import (
    EXCEEDED,
    case,
    renewed,
    settle,
    skipped_world,
)
from tests.unit.moderation.test_verification import findings, history, plan_facts
from tests.unit.moderation.world import World, received

DOUBTFUL = {**CNM_LEVELS, "authenticity": 1}


def later(first: JudgedCase, **changes: Any) -> JudgedCase:
    """Return what came instead of *first*."""
    return first.model_copy(update={"token": 2, **changes})


CHANGED = {"levels": CNM_LEVELS, "outcome": "CNM"}


async def drawn(world: World, reviewer: str = "p-rev") -> list[Any]:
    return await world.facts(draw_stream(COHORT, reviewer))


def rules_of(facts: list[Any], number: int) -> list[tuple[str, bool]]:
    """Return rule and result of every draw of a case."""
    of = [each for each in facts if getattr(each, "case_id", None) == f"c{number}"]
    rules = [each.rule for each in of if isinstance(each, ProbabilitySet)]
    results = [each.selected for each in of if isinstance(each, Drawn)]
    return list(zip(rules, results, strict=True))


class TestAnotherOutcome:
    """Source: moderation.md 3: floors hold for what a judgement says in the end."""

    async def test_is_moderated_though_the_first_was_skipped(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS)
        facts = await drawn(world)
        (why,) = [each for each in facts if isinstance(each, SampledAsChanged)]
        assert why.because[0] == "outcome"
        assert "cnm_floor" in why.because
        assert rules_of(facts, number)[-1] == ("changed_after_recall", True)
        state = await case(world, number)
        assert isinstance(state, Moderating)
        assert state.judged.outcome == "CNM"
        assert not state.is_recalled

    async def test_holds_the_release_until_it_is_settled(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS)
        await settle_others(world, number)
        assert isinstance(await case(world, number), Moderating)
        await world.judge(number, CNM_LEVELS)
        assert isinstance(await case(world, number), Settled)
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_is_moderated_once_when_it_was_drawn_anyway(self) -> None:
        world = World()
        await world.ready()
        await world.completed(1)
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        facts = await drawn(world)
        assert rules_of(facts, 1) == [("first_judgements", True)]
        assert not any(isinstance(each, SampledAsChanged) for each in facts)

    async def test_is_moderated_when_somebody_else_judged_instead(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS, reviewer="p-two")
        facts = await drawn(world)
        assert rules_of(facts, number)[-1] == ("changed_after_recall", True)
        assert isinstance(await case(world, number), Moderating)

    async def test_that_came_before_the_randomness_is_found_with_the_draw(
        self,
    ) -> None:
        world = World(first_judgements=1, block_size=10)
        await world.publish()
        await world.commit_all()
        for number in range(1, 6):
            await world.completed(number)
            await world.recalled(number)
            await renewed(world, number, levels=CNM_LEVELS)
        before = await drawn(world)
        assert not any(isinstance(each, Drawn | SampledAsChanged) for each in before)
        await world.reveal(*PARTIES)
        facts = await drawn(world)
        skipped = [each for each in facts if isinstance(each, Drawn)]
        assert any(not each.selected for each in skipped), "the first draw tells"
        for number in range(1, 6):
            assert isinstance(await case(world, number), Moderating)

    async def test_is_found_too_when_it_is_heard_of_before_the_first(self) -> None:
        world = World(first_judgements=1, block_size=10)
        await world.ready()
        await world.completed(1)
        for number in range(2, 6):
            await world.recalled(number)
            await renewed(world, number, levels=CNM_LEVELS)
            assert isinstance(await case(world, number), Unopened)
            await world.completed(number)
        facts = await drawn(world)
        assert any(isinstance(each, SampledAsChanged) for each in facts)
        for number in range(2, 6):
            state = await case(world, number)
            assert isinstance(state, Moderating)
            assert state.judged.outcome == "CNM"

    async def test_of_what_is_told_changes_nothing(self) -> None:
        world, number = await skipped_world()
        await settle(world)
        await world.release()
        before = await drawn(world)
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS)
        added = (await drawn(world))[len(before) :]
        assert not any(isinstance(each, RenewalReceived) for each in added)


class TestSetAsideForAConflict:
    """Source: domain.md section 1: never a reviewer with a bond to the participant."""

    async def test_is_moderated_whatever_came_instead(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number, because="conflict")
        with pytest.raises(JudgementsRecalledError):
            await settle_and_release(world)
        await renewed(world, number, levels=CM_LEVELS, reviewer="p-two")
        facts = await drawn(world)
        (why,) = [each for each in facts if isinstance(each, SampledAsChanged)]
        assert why.because == ("conflict",)
        assert rules_of(facts, number)[-1] == ("changed_after_recall", True)
        assert isinstance(await case(world, number), Moderating)
        await world.judge(number, CM_LEVELS)
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()
        noted = [
            each for each in await drawn(world) if isinstance(each, DifferenceNoted)
        ]
        ids = {each.judgement_id for each in noted}
        assert why.judgement_id not in ids, "it is nothing of theirs to count"

    async def test_is_moderated_too_when_its_judgement_is_taken_back_again(
        self,
    ) -> None:
        world = World(first_judgements=1, block_size=10)
        await world.publish()
        await world.commit_all()
        for number in range(1, 6):
            await world.completed(number)
            await world.recalled(number, because="conflict")
            await renewed(world, number, levels=CM_LEVELS, reviewer="p-two")
            await world.recalled(number, token=2, reviewer="p-two")
            await renewed(world, number, levels=CM_LEVELS, reviewer="p-two", token=3)
        await world.reveal(*PARTIES)
        for number in range(1, 6):
            assert isinstance(await case(world, number), Moderating)

    async def test_has_a_part_in_the_case_all_the_same(self) -> None:
        world = World()
        await world.ready()
        await world.completed(1)
        await world.recalled(1, because="conflict")
        await renewed(world, 1, levels=CM_LEVELS, reviewer="p-two")
        await world.judge(1, CM_LEVELS)
        await world.release()
        (told,) = [
            each
            for each in await world.facts(case_stream("c1", 1))
            if isinstance(each, OutcomeReleased)
        ]
        assert told.took_part == ("p-rev", "p-two", "p-mod")


class TestConflictToldAfterTheRelease:
    async def test_is_judged_afresh_by_others_and_says_why(self) -> None:
        """Source: domain.md section 1; moderation.md 5."""
        world = World()
        await world.ready()
        await world.completed(1)
        await world.judge(1, CM_LEVELS)
        await world.release()
        body = FreshReviewAsked(case_id="c1", review_id="c1.1.1", attempt=1)
        await world.handlers[FreshReviewAsked](received(body, "c1.1.1"))
        wanted = (await world.facts(case_stream("c1", 1)))[-1]
        assert isinstance(wanted, FreshReviewWanted)
        assert (wanted.because, wanted.number) == ("conflict", 2)
        assert wanted.excluded == ("p-rev", "p-mod")
        await world.completed(1, reviewer="p-two", review=2, levels=CM_LEVELS)
        world.pass_time(minutes=16)
        await world.granted("p-mod3", "moderator")
        await world.judge(1, CM_LEVELS, "p-mod3")
        revised = [
            each
            for each in await world.facts(case_stream("c1", 1))
            if isinstance(each, OutcomeRevised)
        ]
        assert [each.because for each in revised] == ["conflict"]


class TestTheSample:
    async def test_keeps_its_numbers_and_draws(self) -> None:
        """Whatever it came back as, the judgements after it are drawn the same."""
        plain, number = await skipped_world()
        changed, _ = await skipped_world()
        for world, levels in ((plain, EXCEEDED), (changed, CNM_LEVELS)):
            await world.recalled(number)
            await renewed(world, number, levels=levels)
            for each in range(6, 30):
                await world.completed(each)
        kinds = (Drawn, ProbabilitySet)
        told = [
            [each for each in await drawn(world) if isinstance(each, kinds)]
            for world in (plain, changed)
        ]
        extra = [each for each in told[1] if each not in told[0]]
        assert [each.type.partition(".")[2] for each in extra] == [
            "ProbabilitySet",
            "Drawn",
        ]
        assert [each for each in told[1] if each not in extra] == told[0]

    async def test_gives_it_no_weight_in_reports(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS)
        await world.judge(number, CNM_LEVELS)
        streams = (draw_stream(COHORT, "p-rev"), case_stream(f"c{number}", 1))
        facts = [(each, fact) for each in streams for fact in await world.facts(each)]
        records = records_of(facts)  # type: ignore[arg-type]
        (pair,) = [e for e in records.paired if e.judged.case_id == f"c{number}"]
        assert pair.gaps == (0, 0, 0), "compared is what stands"
        assert pair.is_settled
        assert not pair.is_wrong
        assert pair not in records.sampled

    async def test_reports_no_pair_of_what_somebody_else_judged_instead(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS, reviewer="p-two")
        await world.judge(number, CNM_LEVELS)
        streams = (draw_stream(COHORT, "p-rev"), case_stream(f"c{number}", 1))
        facts = [(each, fact) for each in streams for fact in await world.facts(each)]
        records = records_of(facts)  # type: ignore[arg-type]
        (found,) = [e for e in records.judgements if e.judged.case_id == f"c{number}"]
        assert found.blind
        assert found not in records.paired
        assert not found.is_settled


class TestCharts:
    async def test_count_what_stands_of_what_changed(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=CNM_LEVELS)
        await world.judge(number, CNM_LEVELS)
        last = (await drawn(world))[-1]
        assert isinstance(last, DifferenceNoted)
        assert (last.absolute_difference, last.overturned) == (0, False)

    async def test_keep_the_first_difference_of_what_was_settled_before(self) -> None:
        world = World()
        await world.ready()
        await world.completed(1)
        await world.judge(1, CM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        assert isinstance(await case(world), Settled)
        noted = [e for e in await drawn(world) if isinstance(e, DifferenceNoted)]
        assert [each.absolute_difference for each in noted] == [0]


class TestDifferences:
    @pytest.mark.parametrize(
        ("first", "second", "found"),
        [
            ({}, {"levels": dict.fromkeys(CRITERIA, 4)}, ()),
            ({}, {"borderline": True}, ("borderline_floor",)),
            ({"borderline": True}, {}, ("borderline_floor",)),
            (
                {"levels": DOUBTFUL, "outcome": "CNM"},
                {"levels": {**CNM_LEVELS, "authenticity": 3}, "outcome": "CNM"},
                ("authenticity_concern",),
            ),
        ],
        ids=["other levels", "borderline now", "no longer", "no doubt any more"],
    )
    def test_are_outcome_and_floors(
        self, first: dict[str, Any], second: dict[str, Any], found: tuple[str, ...]
    ) -> None:
        one = judged().model_copy(update=first)
        assert differences(one, later(judged(), **second), RULES) == found


def changed_history() -> list[DrawEvent]:
    """Return draws of which the first skipped one came back as a CNM."""
    facts: list[DrawEvent] = []
    for number in range(1, 20):
        receive = ReceiveJudgement(judged=judged(number), sampler=SAMPLER, at=NOW)
        facts += draw.decide(receive, draw.fold(facts))
    state = draw.fold(facts)
    first = state.entries[state.skipped[0]].judged
    note = NoteRenewal(
        judgement_id=first.judgement_id,
        judged=later(first, **CHANGED),
        follows_conflict=False,
        sampler=SAMPLER,
        at=NOW,
    )
    return [*facts, *draw.decide(note, state)]


class TestVerifier:
    """Source: statistics.md 2.9, step 6."""

    def test_confirms_what_followed_a_change(self) -> None:
        facts = changed_history()
        assert isinstance(facts[-3], SampledAsChanged)
        assert findings(facts) == ()

    def test_finds_what_changed_and_was_left_out(self) -> None:
        facts = changed_history()[:-3]
        (found,) = findings(facts)
        assert found.endswith("changed, and not moderated")

    def test_finds_what_is_said_to_have_changed(self) -> None:
        facts = changed_history()
        why = facts[-3]
        assert isinstance(why, SampledAsChanged)
        facts[-3] = why.model_copy(update={"because": ("outcome",)})
        assert any("changed otherwise" in each for each in findings(facts))
        without = [each for each in facts if not isinstance(each, RenewalReceived)]
        assert any("changed otherwise" in each for each in findings(without))

    def test_finds_what_came_instead_of_nothing(self) -> None:
        facts = changed_history()
        renewal = facts[-4]
        assert isinstance(renewal, RenewalReceived)
        other = renewal.judged.model_copy(update={"review_id": "c99.1.1"})
        facts[-4] = renewal.model_copy(update={"judged": other})
        assert any("instead of nothing" in each for each in findings(facts))

    def test_still_confirms_draws_from_before_changes_were_known(self) -> None:
        facts = history("p-rev")
        assert not any(isinstance(each, RenewalReceived) for each in facts)
        assert verify(plan_facts(), {"p-rev": facts}).findings == ()


async def settle_and_release(world: World) -> None:
    await settle(world)
    await world.release()


async def settle_others(world: World, number: int) -> None:
    for each in range(1, 6):
        is_other = each != number
        if is_other and isinstance(await case(world, each), Moderating):
            await world.judge(each, CM_LEVELS)


async def test_a_case_that_changed_is_opened_for_what_was_drawn() -> None:
    """The draw is of the first judgement; what stands is told beside it."""
    world, number = await skipped_world()
    await world.recalled(number)
    await renewed(world, number, levels=CNM_LEVELS)
    facts = await world.facts(case_stream(f"c{number}", 1))
    (opened,) = [each for each in facts if isinstance(each, Opened)]
    assert opened.judged.outcome == "CM"
