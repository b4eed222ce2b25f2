"""After a pause the charts of a reviewer begin anew, and anybody can check that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.moderation.domain.detection import Observation, Scores
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
    ProbabilitySet,
    StandingApplied,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.export import export_of
from services.moderation.verify_draw import check
from shared.contracts.programme import ReviewerStanding, StandingRule
from tests.unit.moderation.examples import BEACON, KEY, NOW, PLAN, RULES, judged
from tests.unit.moderation.forging import read
from tests.unit.moderation.test_verification import place_of, plan_facts

HARSH = Observation(level_difference=-2, absolute_difference=2, overturned=False)
RESUMED = NOW + timedelta(hours=1)
"""When the pause ended."""
LATER = NOW + timedelta(hours=2)

assert RULES.standings is not None
PROBATION = RULES.standings.model_copy(update={"probation": StandingRule()})
PLAN_HERE = PLAN.model_copy(
    update={"rules": RULES.model_copy(update={"standings": PROBATION})}
)
"""Probation asks for nothing here, so that what the charts ask for shows."""
SAMPLER = Sampler(
    rules=PLAN_HERE.drawn_by,
    seed=seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(PLAN_HERE)),
    published_at=NOW,
)


def receive(number: int, at: datetime = NOW) -> ReceiveJudgement:
    case = judged(number).model_copy(update={"completed_at": at})
    return ReceiveJudgement(judged=case, sampler=SAMPLER, at=at)


def note(number: int, at: datetime = LATER, judged_at: datetime = NOW) -> DrawCommand:
    return NoteDifference(
        judgement_id=UUID(int=number),
        judged_at=judged_at,
        observation=HARSH,
        rules=SAMPLER.rules,
        at=at,
    )


def apply(
    standing: ReviewerStanding,
    charts_from: datetime | None = None,
    at: datetime = NOW,
) -> ApplyStanding:
    return ApplyStanding(
        standing=standing, sampler=SAMPLER, charts_from=charts_from, at=at
    )


def after(*commands: DrawCommand) -> list[DrawEvent]:
    """Return the facts that commands lead to, one after the other."""
    facts: list[DrawEvent] = []
    for command in commands:
        facts += draw.decide(command, draw.fold(facts))
    return facts


JUDGED = [receive(number) for number in range(1, 6)]
HALF = [*JUDGED, *(note(number, NOW) for number in range(1, 4))]
"""Three of five are moderated, and the charts stand high."""
PAUSED = [*HALF, apply("paused")]
RESUMING = [*PAUSED, apply("probation", RESUMED, RESUMED)]


def whole(*, charts_from: datetime | None = RESUMED) -> list[DrawEvent]:
    """Return draws before a pause, old work settled after it, and work since."""
    resumed = apply("probation", charts_from, RESUMED)
    new = (receive(number, LATER) for number in range(6, 16))
    facts = after(*PAUSED, resumed, note(4), note(5), *new)
    state = draw.fold(facts)
    pick = next(n for n in range(6, 16) if state.entries[UUID(int=n)].is_selected)
    return [*facts, *draw.decide(note(pick, LATER, LATER), state)]


def findings(facts: Sequence[DrawEvent]) -> tuple[str, ...]:
    return verify(_plan(), {"p-rev": facts}).findings


def _plan() -> list[PlanEvent]:
    return plan_facts(plan=PLAN_HERE)


def exported(facts: Sequence[DrawEvent]) -> Any:
    """Return the export of a log, as outsiders read it."""
    plan = list(enumerate(_plan()))
    placed = [(len(plan) + place, fact) for place, fact in enumerate(facts)]
    return read(export_of(plan, {"p-rev": placed}))


class TestStandingAfterAPause:
    def test_sets_every_chart_to_nought(self) -> None:
        assert draw.fold(after(*PAUSED)).scores.harsh > 0
        state = draw.fold(after(*RESUMING))
        assert (state.scores, state.runs) == (Scores(), {})
        assert state.charts_from == RESUMED

    def test_says_so_once(self) -> None:
        assert after(*RESUMING, apply("probation", RESUMED)) == after(*RESUMING)

    def test_is_followed_by_draws_as_before_any_chart(self) -> None:
        facts = after(*RESUMING, receive(6, LATER))
        (*_, last) = [each for each in facts if isinstance(each, ProbabilitySet)]
        assert (last.probability_ppm, last.rule) == (100_000, "block")

    def test_leaves_the_charts_when_no_pause_ended(self) -> None:
        """As facts do that were stored before charts began anew."""
        state = draw.fold(after(*PAUSED, apply("probation", at=RESUMED)))
        assert state.scores == draw.fold(after(*PAUSED)).scores
        assert state.charts_from is None

    def test_that_comes_late_loses_nothing_found_since(self) -> None:
        late = after(*HALF, apply("normal", RESUMED, LATER))
        assert draw.fold(late).scores == draw.fold(after(*HALF)).scores
        early = after(*JUDGED, apply("normal", RESUMED, LATER))
        assert draw.fold(early).charts_from == RESUMED


class TestWhatIsSettledSince:
    def test_of_old_work_moves_no_chart_and_is_known_all_the_same(self) -> None:
        facts = after(*RESUMING, note(4))
        (*_, noted) = [each for each in facts if isinstance(each, DifferenceNoted)]
        assert (noted.precedes_probation, noted.scores) == (True, Scores())
        state = draw.fold(facts)
        assert (state.scores, state.runs) == (Scores(), {})
        assert noted.judgement_id in state.noted

    def test_of_old_work_raises_no_alarm(self) -> None:
        facts = after(*RESUMING, note(4), note(5))
        before = after(*RESUMING)
        assert not any(isinstance(each, AlarmRaised) for each in facts[len(before) :])

    def test_of_new_work_moves_them_from_nought(self) -> None:
        facts = after(*RESUMING, receive(6, RESUMED), note(6, LATER, RESUMED))
        assert SAMPLER.rules.detection is not None
        expected = Scores().after(HARSH, SAMPLER.rules.detection)
        assert draw.fold(facts).scores == expected
        assert draw.fold(facts).runs["harsh"] == (UUID(int=6),)

    def test_is_stored_as_ever_where_nobody_was_paused(self) -> None:
        stored = [each.model_dump() for each in after(*HALF, apply("tightened"))]
        assert not any("charts_from" in each for each in stored)
        assert not any("precedes_probation" in each for each in stored)


class TestVerifier:
    """Source: statistics.md 2.9, step 6."""

    def test_confirms_charts_that_begin_anew(self) -> None:
        facts = whole()
        assert any(
            isinstance(f, DifferenceNoted) and f.precedes_probation for f in facts
        )
        assert findings(facts) == ()
        told = exported(facts)
        assert check(told).startswith(f"{len(told['facts'])} draws")

    def test_confirms_what_was_stored_before_they_did(self) -> None:
        facts = whole(charts_from=None)
        rules = [each.rule for each in facts if isinstance(each, ProbabilitySet)]
        assert "adaptive" in rules
        assert findings(facts) == ()
        told = exported(facts)
        assert check(told).startswith(f"{len(told['facts'])} draws")

    @pytest.mark.parametrize(
        ("kind", "number", "change", "finding"),
        [
            (StandingApplied, 1, {"charts_from": None}, "left out of the charts"),
            (StandingApplied, 1, {"charts_from": NOW}, "left out of the charts"),
            (
                StandingApplied,
                1,
                {"charts_from": LATER + timedelta(days=1)},
                "the charts begin anew when no pause ended",
            ),
            (StandingApplied, 0, {"charts_from": NOW}, "begin anew without a pause"),
            (
                DifferenceNoted,
                3,
                {"precedes_probation": False},
                "too old for the charts",
            ),
            (
                DifferenceNoted,
                0,
                {"precedes_probation": True},
                "left out of the charts",
            ),
            (DifferenceNoted, 3, {"scores": Scores(harsh=1)}, "scores do not follow"),
        ],
    )
    def test_names_what_was_forged(
        self,
        kind: type[DrawEvent],
        number: int,
        change: dict[str, object],
        finding: str,
    ) -> None:
        facts = whole()
        place = place_of(facts, kind, number)
        facts[place] = facts[place].model_copy(update=change)
        assert any(finding in each for each in findings(facts))

    def test_names_charts_that_begin_twice_after_one_pause(self) -> None:
        facts = whole()
        place = place_of(facts, StandingApplied, 1)
        facts.insert(place, facts[place])
        assert any("when no pause ended" in each for each in findings(facts))

    def test_names_the_draw_that_does_not_follow_where_they_go_on(self) -> None:
        """An outsider sees it: of the charts as they were something else is asked."""
        facts = whole()
        place = place_of(facts, StandingApplied, 1)
        facts[place] = facts[place].model_copy(update={"charts_from": None})
        wrong = f"judgement {UUID(int=6)}: not drawn as committed"
        assert wrong in "\n".join(findings(facts))
        with pytest.raises(SystemExit, match=r"judgement 6 .*probability_ppm"):
            check(exported(facts))

    def test_allows_clocks_to_differ_by_little(self) -> None:
        early = replace(apply("probation", RESUMED), at=RESUMED - timedelta(seconds=30))
        assert findings(after(*PAUSED, early)) == ()
