"""What is drawn next follows what moderation has found about the reviewer."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.moderation.domain.detection import DETECTION, Observation, Scores
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawCommand,
    NoteDifference,
    ReceiveJudgement,
)
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
    ProbabilitySet,
    StandingApplied,
)
from services.moderation.domain.rules import Rules
from shared.contracts.programme import ReviewerStanding
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    NOW,
    RULES,
    RULES_OF_VERSION_1,
    SAMPLER,
    judged,
)

DRAW = Scenario(draw)
HARSH = Observation(level_difference=-2, absolute_difference=2, overturned=False)
AGREED = Observation(level_difference=0, absolute_difference=0, overturned=False)


def receive(number: int, at: datetime = NOW) -> ReceiveJudgement:
    case = judged(number).model_copy(update={"completed_at": at})
    return ReceiveJudgement(judged=case, sampler=SAMPLER, at=at)


def note(
    number: int,
    observation: Observation = HARSH,
    rules: Rules = RULES,
    judged_at: datetime = NOW,
) -> NoteDifference:
    return NoteDifference(
        judgement_id=UUID(int=number),
        judged_at=judged_at,
        observation=observation,
        rules=rules,
        at=NOW,
    )


def apply(standing: ReviewerStanding, *again: int) -> ApplyStanding:
    ids = frozenset(UUID(int=number) for number in again)
    return ApplyStanding(standing=standing, sampler=SAMPLER, again=ids, at=NOW)


def after(*commands: DrawCommand) -> list[DrawEvent]:
    """Return the facts that commands lead to, one after the other."""
    facts: list[DrawEvent] = []
    for command in commands:
        facts += draw.decide(command, draw.fold(facts))
    return facts


def arrivals(first: int, last: int) -> list[DrawCommand]:
    return [receive(number) for number in range(first, last + 1)]


def told(facts: list[DrawEvent]) -> list[tuple[int, str]]:
    return [(f.probability_ppm, f.rule) for f in facts if isinstance(f, ProbabilitySet)]


class TestNoteDifference:
    """Source: statistics.md 0 (2) and 2.7; moderation.md 3."""

    def test_records_the_difference_and_the_scores_after_it(self) -> None:
        scores = Scores().after(HARSH, DETECTION)
        DRAW.given(*after(receive(1))).when(note(1)).then(
            DifferenceNoted(
                judgement_id=UUID(int=1),
                level_difference=-2,
                absolute_difference=2,
                overturned=False,
                scores=scores,
                occurred_at=NOW,
            )
        )

    def test_does_so_once(self) -> None:
        DRAW.given(*after(receive(1), note(1))).when(note(1, AGREED)).then_nothing()

    def test_says_nothing_of_a_judgement_that_was_never_drawn(self) -> None:
        DRAW.given(*after(receive(1))).when(note(2)).then_nothing()

    def test_keeps_no_scores_under_a_plan_without_charts(self) -> None:
        rules = RULES_OF_VERSION_1.as_rules()
        (fact,) = draw.decide(note(1, rules=rules), draw.fold(after(receive(1))))
        assert isinstance(fact, DifferenceNoted)
        assert fact.scores is None

    def test_raises_the_alarm_with_the_judgements_that_led_to_it(self) -> None:
        facts = after(*arrivals(1, 5), note(1, AGREED), *map(note, (3, 2, 5, 4)))
        (alarm,) = [fact for fact in facts if isinstance(fact, AlarmRaised)]
        assert alarm.chart == "harsh"
        assert [each.int for each in alarm.evidence] == [3, 2, 5, 4]
        assert alarm.scores == draw.fold(facts).scores

    def test_raises_it_once_while_it_stands(self) -> None:
        commands = [*arrivals(1, 5), *(note(number) for number in range(1, 6))]
        facts = after(*commands)
        charts = [fact.chart for fact in facts if isinstance(fact, AlarmRaised)]
        assert sorted(charts) == sorted(set(charts))
        assert "harsh" in charts

    def test_raises_it_again_after_it_was_below(self) -> None:
        good = [note(number, AGREED) for number in range(5, 21)]
        bad = [note(number) for number in range(21, 25)]
        first = [note(number) for number in range(1, 5)]
        facts = after(*arrivals(1, 25), *first, *good, *bad)
        charts = [fact.chart for fact in facts if isinstance(fact, AlarmRaised)]
        assert charts.count("harsh") == 2


class TestAdaptiveDraw:
    """Source: moderation.md 3, adaptive escalation; statistics.md 2.7."""

    def test_leaves_a_good_reviewer_at_the_block(self) -> None:
        agreed = [note(number, AGREED) for number in range(1, 6)]
        assert told(after(*arrivals(1, 5), *agreed, receive(6)))[-1] == (
            100_000,
            "block",
        )

    def test_draws_more_as_the_evidence_grows(self) -> None:
        found = [
            told(
                after(
                    *arrivals(1, 5),
                    *(note(number) for number in range(1, count + 1)),
                    receive(6),
                )
            )[-1]
            for count in range(4)
        ]
        risk = 2 * 1850 * 1_000_000 // 7080
        assert found == [
            (100_000, "block"),
            (100_000, "block"),
            (100_000 + 900_000 * (risk - 300_000) // 400_000, "adaptive"),
            (1_000_000, "adaptive"),
        ]

    def test_changes_nothing_that_was_drawn(self) -> None:
        facts = after(*arrivals(1, 15))
        more = after(*arrivals(1, 15), *(note(number) for number in range(1, 5)))
        assert more[: len(facts)] == facts
        assert not any(isinstance(fact, Drawn) for fact in more[len(facts) :])


class TestApplyStanding:
    """Source: moderation.md 6; never 0 %."""

    def test_records_what_the_plan_says_of_it(self) -> None:
        DRAW.given(*after(*arrivals(1, 7))).when(apply("tightened")).then(
            StandingApplied(
                standing="tightened",
                least_ppm=300_000,
                block_size=10,
                from_ordinal=8,
                occurred_at=NOW,
            )
        )

    @pytest.mark.parametrize(
        ("standing", "expected"),
        [
            ("probation", (1_000_000, "standing")),
            ("paused", (1_000_000, "standing")),
            ("tightened", (300_000, "standing")),
            ("normal", (100_000, "block")),
        ],
    )
    def test_sets_the_least_probability(
        self, standing: ReviewerStanding, expected: tuple[int, str]
    ) -> None:
        facts = after(*arrivals(1, 6), apply(standing), receive(7))
        assert told(facts)[-1] == expected

    def test_is_quiet_while_the_standing_holds(self) -> None:
        DRAW.given(*after(apply("paused"))).when(apply("paused")).then_nothing()

    def test_changes_the_size_of_the_next_block(self) -> None:
        facts = after(*arrivals(1, 8), apply("reduced"), *arrivals(9, 55))
        sizes = [1_000_000 // ppm for ppm, _ in told(facts)[5:]]
        assert sizes == [10] * 10 + [20] * 40
        picks = [fact.block_pick for fact in facts if isinstance(fact, Drawn)]
        blocks = (picks[5:15], picks[15:35], picks[35:55])
        assert [sum(block) for block in blocks] == [1, 1, 1]

    def test_goes_back_to_the_size_of_the_plan(self) -> None:
        changed = [*arrivals(1, 6), apply("reduced"), *arrivals(7, 20)]
        facts = after(*changed, apply("normal"), *arrivals(21, 55))
        sizes = [1_000_000 // ppm for ppm, _ in told(facts)[5:]]
        assert sizes == [10] * 10 + [20] * 20 + [10] * 20

    def test_draws_again_what_it_is_told_to(self) -> None:
        facts = after(*arrivals(1, 15))
        skipped = [
            fact.judgement_id.int
            for fact in facts
            if isinstance(fact, Drawn) and not fact.selected
        ]
        new = draw.decide(apply("paused", 1, *skipped[2:]), draw.fold(facts))
        again = [fact for fact in new if isinstance(fact, Drawn)]
        assert [fact.judgement_id.int for fact in again] == skipped[2:]
        assert all(fact.selected for fact in again)


class TestIdle:
    """Source: statistics.md 4: re-standardise three after seven idle days."""

    def test_is_followed_by_three_certain_draws(self) -> None:
        back = NOW + timedelta(days=7)
        facts = after(*arrivals(1, 6), *(receive(n, back) for n in range(7, 11)))
        assert told(facts)[5:] == [
            (100_000, "block"),
            *[(1_000_000, "idle")] * 3,
            (100_000, "block"),
        ]

    def test_is_nothing_shorter(self) -> None:
        back = NOW + timedelta(days=7) - timedelta(microseconds=1)
        assert told(after(*arrivals(1, 6), receive(7, back)))[-1] == (100_000, "block")

    def test_is_no_matter_of_what_arrives_late(self) -> None:
        """An old judgement that comes late was no break, and makes none."""
        late = [receive(7, NOW - timedelta(days=9)), receive(8, NOW)]
        sampler = replace(SAMPLER, published_at=NOW - timedelta(days=10))
        facts = after(*arrivals(1, 6), *(replace(x, sampler=sampler) for x in late))
        assert told(facts)[6:] == [(100_000, "block")] * 2
