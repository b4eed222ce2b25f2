"""What other rules would have drawn of the judgements in the log."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from services.moderation.domain.draw.commands import OrderRemark, SampleForRelease
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DifferenceNoted,
    DrawEvent,
    JudgementReceived,
)
from services.moderation.domain.inclusion import Inclusion
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.rules import Rules
from services.moderation.simulation.what_if import (
    Change,
    Differing,
    NothingDrawnError,
    what_if,
)
from tests.unit.moderation.examples import (
    COHORT,
    NOW,
    PLAN,
    RULES,
    SAMPLER,
    published,
    ready_plan,
)
from tests.unit.moderation.test_verification import history, plan_facts


def ordered(facts: Sequence[DrawEvent]) -> tuple[DrawEvent, ...]:
    """Return *facts*, a release's sample, and the order to moderate the later half."""
    state = draw.fold(facts)
    sample = SampleForRelease(
        attempt=1, number=1, judgements=state.skipped[:3], sampler=SAMPLER, at=NOW
    )
    sampled = (*facts, *draw.decide(sample, state))
    remark = OrderRemark(
        reviewer_id="p-rev",
        cohort_id=COHORT,
        from_ordinal=21,
        because="paused",
        sampler=SAMPLER,
        released=frozenset(),
        at=NOW,
    )
    return (*sampled, *draw.decide(remark, draw.fold(sampled)))


WATCHED, PLAIN = history("p-rev", watched=True), history("p-rev")
CERTAIN = Inclusion(1_000_000, "cnm_floor")


def differing(
    rules: Rules,
    facts: Sequence[DrawEvent] = PLAIN,
    plan: Sequence[PlanEvent] | None = None,
) -> Differing:
    found = what_if(plan or plan_facts(), {"p-rev": facts}, rules)
    (one,) = found
    return one


def with_floor(rule: str, least_ppm: int) -> Rules:
    floors = [
        each.model_copy(update={"least_ppm": least_ppm}) if each.rule == rule else each
        for each in RULES.floors
    ]
    return RULES.model_copy(update={"floors": tuple(floors)})


def selected(facts: Sequence[DrawEvent]) -> set[UUID]:
    entries = draw.fold(facts).entries
    return {each for each, entry in entries.items() if entry.is_selected}


@pytest.mark.parametrize(
    "facts", [PLAIN, WATCHED, ordered(PLAIN)], ids=["plain", "watched", "ordered"]
)
class TestSameRules:
    def test_draw_the_same_with_the_same_probabilities(
        self, facts: Sequence[DrawEvent]
    ) -> None:
        found = differing(RULES, facts)
        assert found.judgements == 40
        assert found.drawn_now == found.drawn_then == len(selected(facts))
        assert found.expected_now == found.expected_then
        assert found.changes == {}
        assert found.unknown == 0

    def test_are_expected_to_draw_the_same_before_the_key_is_public(
        self, facts: Sequence[DrawEvent]
    ) -> None:
        arrived = [n for n, f in enumerate(facts) if isinstance(f, JudgementReceived)]
        earlier = facts[: arrived[-1]]
        found = differing(RULES, earlier, ready_plan())
        assert found.expected_now == found.expected_then
        assert found.changes == {}


class TestOtherRules:
    def test_only_add_to_the_draws_where_they_raise_probabilities(self) -> None:
        rules = with_floor("cnm_floor", 1_000_000)
        found = differing(rules)
        assert found.drawn_now is not None
        assert found.drawn_now > found.drawn_then
        assert found.unknown == found.drawn_now - found.drawn_then
        assert found.expected_now > found.expected_then

    def test_tell_which_rule_changed_which_probability(self) -> None:
        """Of 40 every fourth is not met: 5 of them after the first and unwidened."""
        early = PLAIN[: next(i for i, f in enumerate(PLAIN) if "widened" in repr(f))]
        found = differing(with_floor("cnm_floor", 1_000_000), early)
        then = Inclusion(250_000, "cnm_floor")
        assert found.changes == {Change(then, CERTAIN): 4}
        assert found.expected_now - found.expected_then == pytest.approx(4 * 0.75)

    def test_draw_a_smaller_first_part(self) -> None:
        rules = RULES.model_copy(update={"first_judgements": 1})
        found = differing(rules)
        assert found.expected_now < found.expected_then
        rules_then = {change.then.rule for change in found.changes}
        assert "first_judgements" in rules_then
        assert found.drawn_now is not None

    def test_move_no_chart_where_they_have_none(self) -> None:
        rules = RULES.model_copy(update={"detection": None})
        found = differing(rules, WATCHED)
        assert any(change.then.rule == "adaptive" for change in found.changes)
        assert all(change.now.rule != "adaptive" for change in found.changes)

    def test_hear_nothing_of_a_difference_they_would_not_have_drawn(self) -> None:
        """A judgement that they skip was never moderated, so no chart moved."""
        rules = RULES.model_copy(update={"first_judgements": 1, "floors": ()})
        assert any(isinstance(fact, DifferenceNoted) for fact in WATCHED)
        found = differing(rules, WATCHED)
        assert any(change.then.rule == "adaptive" for change in found.changes)
        assert all(change.now.rule != "adaptive" for change in found.changes)


class TestBeforeTheKey:
    def test_gives_only_expected_numbers(self) -> None:
        found = differing(with_floor("cnm_floor", 1_000_000), PLAIN, ready_plan())
        assert found.drawn_now is None
        assert found.unknown is None
        assert found.expected_now > found.expected_then

    @pytest.mark.parametrize("facts", [(), (published(PLAN),), ready_plan()[:-1]])
    def test_refuses_where_nothing_is_drawn(self, facts: Sequence[PlanEvent]) -> None:
        with pytest.raises(NothingDrawnError):
            what_if(facts, {"p-rev": []}, RULES)


class TestReviewers:
    def test_are_followed_each_alone(self) -> None:
        draws = {name: history(name) for name in ("p-rev", "p-other")}
        found = what_if(plan_facts(), draws, RULES)
        assert [each.reviewer_id for each in found] == ["p-rev", "p-other"]
        assert all(each.changes == {} for each in found)
