"""Whether a second moderator judges, too: the draw, and what it is compared for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.moderation.domain.detection import Observation, Scores
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.opinions.commands import (
    DrawOpinion,
    NoteModeratorDifference,
)
from services.moderation.domain.opinions.decide import opinions
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)
from services.moderation.domain.opinions.evolve import Opinions
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import ticket_of
from services.moderation.domain.standing.ladder import StandingName
from shared.programmes import every_programme, load_programme
from tests.unit.moderation.examples import NOW, RULES, SAMPLER, SEED

SEVEN_PERCENT = 70_000


def with_opinions(ppm: int = SEVEN_PERCENT) -> Sampler:
    """Return a sampler of the usual plan that draws second opinions."""
    rules = RULES.model_copy(update={"second_opinions_ppm": ppm})
    return replace(SAMPLER, rules=rules)


def draw_of(
    number: int,
    sampler: Sampler | None = None,
    standing: StandingName | None = None,
    charts_from: datetime | None = None,
) -> DrawOpinion:
    return DrawOpinion(
        judgement_id=UUID(int=number),
        case_id=f"c{number}",
        attempt=1,
        standing=standing,
        charts_from=charts_from,
        sampler=sampler or with_opinions(),
        at=NOW,
    )


def differing(
    number: int,
    levels: int,
    *,
    other: bool = False,
    judged_at: datetime = NOW,
    charts_from: datetime | None = None,
) -> NoteModeratorDifference:
    """Return what a moderator is told who gives so many levels more than another.

    Whose charts count *from* some time is on probation since.
    """
    return NoteModeratorDifference(
        judgement_id=UUID(int=number),
        place="first",
        judged_at=judged_at,
        standing="probation" if charts_from else None,
        charts_from=charts_from,
        observation=Observation(
            level_difference=levels, absolute_difference=abs(levels), overturned=other
        ),
        rules=with_opinions().rules,
        at=NOW,
    )


def after(commands: Sequence[DrawOpinion | NoteModeratorDifference]) -> Opinions:
    state = Opinions()
    for command in commands:
        state = opinions.fold(opinions.decide(command, state), state)
    return state


def chances(facts: Sequence[OpinionEvent]) -> list[tuple[int, str]]:
    return [
        (fact.probability_ppm, fact.rule)
        for fact in facts
        if isinstance(fact, OpinionProbabilitySet)
    ]


def kinds(facts: Sequence[OpinionEvent]) -> list[str]:
    return [type(fact).__name__ for fact in facts]


class TestDraw:
    """Source: moderation.md 9; statistics.md 2.7 and 2.9."""

    def test_records_the_probability_before_the_ticket(self) -> None:
        facts = opinions.decide(draw_of(1), Opinions())
        assert kinds(facts) == ["OpinionProbabilitySet", "OpinionDrawn"]
        assert chances(facts) == [(SEVEN_PERCENT, "second_opinions")]
        (drawn,) = [fact for fact in facts if isinstance(fact, OpinionDrawn)]
        ticket = ticket_of(SEED, "second-opinion", str(UUID(int=1)))
        assert drawn.ticket == f"{ticket:064x}"
        assert drawn.selected == (ticket * 1_000_000 < SEVEN_PERCENT << 256)

    def test_selects_as_often_as_recorded(self) -> None:
        """Of 4,000 at 7 %: 280, with a standard deviation of 16."""
        drawn = [
            fact.selected
            for number in range(4_000)
            for fact in opinions.decide(draw_of(number), Opinions())
            if isinstance(fact, OpinionDrawn)
        ]
        assert 280 - 4 * 16 < sum(drawn) < 280 + 4 * 16

    def test_has_tickets_of_its_own(self) -> None:
        """Who is moderated at all must not say who is judged a third time."""
        mine = ticket_of(SEED, "second-opinion", "x")
        assert mine != ticket_of(SEED, "moderation", "x")

    def test_happens_once_for_a_judgement(self) -> None:
        assert opinions.decide(draw_of(1), after([draw_of(1)])) == ()

    def test_leaves_a_plan_without_second_opinions_as_it_was(self) -> None:
        assert opinions.decide(draw_of(1, with_opinions(0)), Opinions()) == ()

    def test_is_certain_once_the_key_is_public(self) -> None:
        public = replace(with_opinions(), is_key_public=True)
        facts = opinions.decide(draw_of(1, public), Opinions())
        assert chances(facts) == [(1_000_000, "key_revealed")]

    def test_is_likelier_for_a_moderator_whose_charts_rise(self) -> None:
        state = after([differing(1, -3)])
        ((probability, rule),) = chances(opinions.decide(draw_of(9), state))
        assert SEVEN_PERCENT < probability < 1_000_000
        assert rule == "adaptive"

    def test_needs_no_charts(self) -> None:
        bare = with_opinions().rules.model_copy(update={"detection": None})
        sampler = replace(with_opinions(), rules=bare)
        facts = opinions.decide(draw_of(1, sampler), Opinions())
        assert chances(facts) == [(SEVEN_PERCENT, "second_opinions")]

    def test_follows_the_moderator_s_standing_from_then_on(self) -> None:
        facts = opinions.decide(draw_of(1, standing="tightened"), Opinions())
        assert isinstance(facts[0], ModeratorStandingApplied)
        assert facts[0].least_ppm == 300_000
        assert chances(facts) == [(300_000, "standing")]
        again = opinions.decide(draw_of(2, standing="tightened"), opinions.fold(facts))
        assert kinds(again) == ["OpinionProbabilitySet", "OpinionDrawn"]
        assert chances(again) == [(300_000, "standing")]

    def test_is_no_likelier_in_a_standing_that_asks_for_nothing(self) -> None:
        facts = opinions.decide(draw_of(1, standing="reduced"), Opinions())
        assert chances(facts) == [(SEVEN_PERCENT, "second_opinions")]


class TestComparison:
    """Source: statistics.md 3.3: the same charts as the reviewers'."""

    def test_moves_the_charts_of_the_moderator(self) -> None:
        (fact,) = opinions.decide(differing(1, -2, other=True), Opinions())
        assert isinstance(fact, ModeratorDifferenceNoted)
        seen = Observation(level_difference=-2, absolute_difference=2, overturned=True)
        assert RULES.detection is not None
        assert fact.scores == Scores().after(seen, RULES.detection)
        assert fact.outcome_differs

    def test_counts_once(self) -> None:
        state = after([differing(1, -2)])
        assert opinions.decide(differing(1, -2), state) == ()

    def test_raises_an_alarm_with_what_led_to_it_once(self) -> None:
        state, alarms = Opinions(), list[ModeratorAlarmRaised]()
        for number in range(1, 9):
            facts = opinions.decide(differing(number, -3), state)
            alarms += [each for each in facts if isinstance(each, ModeratorAlarmRaised)]
            state = opinions.fold(facts, state)
        harsh = [each for each in alarms if each.chart == "harsh"]
        assert len(harsh) == 1
        assert harsh[0].evidence == tuple(UUID(int=each) for each in range(1, 4))

    def test_is_noted_without_charts_where_a_plan_has_none(self) -> None:
        rules = RULES.model_copy(update={"detection": None})
        (fact,) = opinions.decide(replace(differing(1, -2), rules=rules), Opinions())
        assert isinstance(fact, ModeratorDifferenceNoted)
        assert fact.scores is None
        assert opinions.fold([fact]).noted == (UUID(int=1),)


class TestAfterAPause:
    """Their charts begin anew, like a reviewer's."""

    def test_a_comparison_of_old_work_moves_no_chart(self) -> None:
        ended = NOW + timedelta(hours=1)
        before = after([differing(1, -3)])
        assert before.scores.harsh > 0
        facts = opinions.decide(differing(2, -3, charts_from=ended), before)
        applied, noted = facts
        assert isinstance(applied, ModeratorStandingApplied)
        assert (applied.standing, applied.charts_from) == ("probation", ended)
        assert isinstance(noted, ModeratorDifferenceNoted)
        assert (noted.precedes_probation, noted.scores) == (True, Scores())
        state = opinions.fold(facts, before)
        assert (state.scores, state.runs) == (Scores(), {})
        assert state.noted == (UUID(int=1), UUID(int=2))

    def test_a_comparison_of_work_since_moves_them_from_nought(self) -> None:
        ended = NOW + timedelta(hours=1)
        new = differing(2, -3, charts_from=ended, judged_at=ended)
        state = after([differing(1, -3), new])
        assert state.scores == after([differing(2, -3)]).scores
        assert state.runs["harsh"] == (UUID(int=2),)

    def test_a_draw_is_as_likely_as_before_any_chart(self) -> None:
        before = after([differing(1, -3)])
        drawing = draw_of(9, standing="normal", charts_from=NOW + timedelta(hours=1))
        facts = opinions.decide(drawing, before)
        assert chances(facts) == [(SEVEN_PERCENT, "second_opinions")]
        again = opinions.decide(
            replace(drawing, judgement_id=UUID(int=10)), opinions.fold(facts, before)
        )
        assert kinds(again) == ["OpinionProbabilitySet", "OpinionDrawn"]

    def test_charts_go_on_where_it_was_applied_before_they_began_anew(self) -> None:
        """Facts stored by then say nothing of a pause, and are not told twice."""
        applied = draw_of(1, standing="probation")
        state = after([applied, differing(2, -3)])
        drawing = draw_of(9, standing="probation", charts_from=NOW)
        facts = opinions.decide(drawing, state)
        assert kinds(facts) == ["OpinionProbabilitySet", "OpinionDrawn"]
        assert opinions.fold(facts, state).scores == state.scores


class TestPolicy:
    @pytest.mark.parametrize("code", sorted(every_programme().by_code))
    def test_of_a_shipped_programme_draws_from_five_to_ten_of_a_hundred(
        self, code: str
    ) -> None:
        """Source: moderation.md 9."""
        found = load_programme(code).policy.sampling.second_opinions_ppm
        assert 50_000 <= found.value <= 100_000

    def test_may_draw_none(self) -> None:
        policy = load_programme("ATS").policy.sampling
        none = {"second_opinions_ppm": {"value": 0, "source": "P"}}
        changed = type(policy).model_validate({**policy.model_dump(), **none})
        assert changed.second_opinions_ppm.value == 0

    def test_of_a_stored_plan_without_it_draws_none_and_has_the_same_hash(self) -> None:
        stored = RULES.model_dump(mode="json")
        assert "second_opinions_ppm" not in stored
        assert Rules.model_validate(stored).second_opinions_ppm == 0
