"""Steps on the ladder of standings, from results, alarms and the lead."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest

from services.moderation.domain.detection import Alarm
from services.moderation.domain.refusals import NotALeadError
from services.moderation.domain.standing.climbing import (
    OwnStandingError,
    ProbationFirstError,
)
from services.moderation.domain.standing.commands import SetStanding, WeighResult
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import (
    LadderEvent,
    ResultWeighed,
    StandingChanged,
)
from services.moderation.domain.standing.evolve import Standing
from services.moderation.domain.standing.ladder import (
    Ladder,
    LadderRules,
    StandingName,
)
from shared.programmes import load_programme
from tests.support.specification import Scenario
from tests.unit.moderation.examples import COHORT, NOW, sealed

STANDING = Scenario(standing)
RULES = LadderRules.of(load_programme("ATS").policy.standing)


Asked: TypeAlias = WeighResult | SetStanding


def weigh(
    number: int,
    *alarms: Alarm,
    difference: int = 0,
    overturned: bool = False,
    returned: bool = False,
    judged_at: datetime = NOW,
) -> WeighResult:
    return WeighResult(
        person_id="p-rev",
        part="reviewer",
        judgement_id=UUID(int=number),
        cohort_id=COHORT,
        judged_at=judged_at,
        level_difference=difference,
        is_overturned=overturned,
        is_clear=not (overturned or returned),
        alarms=alarms,
        rules=RULES,
        at=NOW,
    )


def change(
    was: StandingName, to: StandingName, *, reason: str = "Enough seen."
) -> SetStanding:
    """Return what the lead asks for; *was* is for the reader."""
    assert was != to
    return SetStanding(
        person_id="p-rev",
        part="reviewer",
        standing=to,
        reason=sealed(reason, "p-lead"),
        by="p-lead",
        is_by_lead=True,
        at=NOW,
    )


def after(*commands: Asked) -> tuple[LadderEvent, ...]:
    """Return every fact that *commands* lead to, one after the other."""
    facts: list[LadderEvent] = []
    for command in commands:
        state = standing.fold(facts)
        facts += standing.decide(command, state)  # type: ignore[arg-type]
    return tuple(facts)


def clear(numbers: Iterable[int]) -> list[WeighResult]:
    return [weigh(number) for number in numbers]


def ladder(*commands: Asked) -> Ladder:
    state = standing.fold(after(*commands))
    assert isinstance(state, Standing)
    return state.ladder("reviewer")


def steps(*commands: Asked) -> list[tuple[str, str, str]]:
    return [
        (fact.was, fact.standing, fact.tier)
        for fact in after(*commands)
        if isinstance(fact, StandingChanged)
    ]


HARSH: list[Asked] = [weigh(number, difference=-2) for number in range(1, 10)]
"""Two levels too low each, which no chart has noticed yet."""
PAUSING: list[Asked] = [*HARSH, weigh(10, "harsh", difference=-2)]
TO_NORMAL = ("probation", "normal", "earned")


class TestResult:
    def test_counts_once(self) -> None:
        (first,) = after(weigh(1))
        assert first == ResultWeighed(
            person_id="p-rev",
            judgement_id=UUID(int=1),
            cohort_id=COHORT,
            level_difference=0,
            is_overturned=False,
            is_clear=True,
            occurred_at=NOW,
        )
        STANDING.given(first).when(weigh(1)).then_nothing()

    def test_counts_once_also_after_a_new_beginning(self) -> None:
        again = [*PAUSING, change("paused", "probation"), weigh(3)]
        assert after(*again) == after(*again[:-1])

    def test_of_a_moderator_counts_on_a_ladder_of_its_own(self) -> None:
        (fact,) = after(weigh(1))
        other = fact.model_copy(update={"part": "moderator"})
        state = standing.fold([fact, other])
        assert state.ladder("reviewer") == state.ladder("moderator")
        assert standing.fold([fact]).ladder("moderator") == Ladder()


class TestProbation:
    """Source: statistics.md 4: probation, 5 clear, normal."""

    def test_is_where_everybody_begins(self) -> None:
        assert Standing().ladder("reviewer").standing == "probation"

    def test_ends_with_five_clear_in_a_row(self) -> None:
        assert steps(*clear(range(1, 5))) == []
        assert steps(*clear(range(1, 6))) == [TO_NORMAL]

    @pytest.mark.parametrize("kind", ["overturned", "returned"])
    def test_counts_anew_after_one_that_is_not_clear(self, kind: str) -> None:
        trouble = weigh(5, overturned=kind == "overturned", returned=kind == "returned")
        history = [*clear(range(1, 5)), trouble, *clear(range(6, 10))]
        assert steps(*history) == []
        assert steps(*history, weigh(10)) == [TO_NORMAL]

    def test_after_a_pause_is_not_loosened_by_an_alarm(self) -> None:
        again = [*PAUSING, change("paused", "probation")]
        assert ladder(*again).was_paused
        assert len(steps(*again, weigh(11, "erratic"))) == len(steps(*again))

    def test_after_a_pause_asks_nothing_of_work_from_before(self) -> None:
        """It is what the pause answered, though moderators come to it only now."""
        again = [*PAUSING, change("paused", "probation")]
        before = NOW - timedelta(minutes=1)
        old = [
            weigh(number, "harsh", difference=-3, judged_at=before)
            for number in range(11, 20)
        ]
        assert steps(*again, *old) == steps(*again)
        found = ladder(*again, *old)
        assert (found.standing, found.judgements) == ("probation", ())
        assert {each.judgement_id for each in old} < found.weighed
        assert after(*again, *old, old[0]) == after(*again, *old)
        assert steps(*again, *old, *clear(range(20, 25)))[-1] == TO_NORMAL

    def test_after_a_pause_is_lost_by_work_since(self) -> None:
        again = [*PAUSING, change("paused", "probation")]
        new = [weigh(number, "harsh", difference=-3) for number in range(11, 20)]
        assert steps(*again, *new)[-1] == ("probation", "paused", "action")


class TestReduced:
    """Source: statistics.md 4: 20 clean, and P(rate < .05) > .8."""

    def test_is_earned_by_twenty_clear_in_a_row(self) -> None:
        assert steps(*clear(range(1, 20))) == [TO_NORMAL]
        assert steps(*clear(range(1, 21)))[1:] == [("normal", "reduced", "earned")]

    def test_needs_a_rate_that_is_probably_low(self) -> None:
        """An early overturn weighs for as long as the posterior remembers it."""
        early = [weigh(1, overturned=True), *clear(range(2, 30))]
        assert steps(*early) == [TO_NORMAL]
        later = clear(range(30, 80))
        assert steps(*early, *later)[1:] == [("normal", "reduced", "earned")]

    def test_is_lost_with_the_first_that_is_not_clear(self) -> None:
        """Source: statistics.md 2.3: reduced to normal at any refusal."""
        lost = [*clear(range(1, 21)), weigh(21, overturned=True)]
        assert steps(*lost)[-1] == ("reduced", "normal", "lost")


class TestAlarm:
    """Source: statistics.md 3.3: two tiers."""

    def test_alone_is_advisory(self) -> None:
        history = [*clear(range(1, 6)), weigh(6, "erratic", difference=-1)]
        assert steps(*history) == [TO_NORMAL, ("normal", "tightened", "advisory")]

    def test_tightens_once(self) -> None:
        history = [weigh(1, "erratic"), weigh(2, "erratic", difference=-1)]
        assert steps(*history) == [("probation", "tightened", "advisory")]

    def test_leads_to_action_when_severity_is_probably_beyond_the_limit(self) -> None:
        assert steps(*PAUSING) == [TO_NORMAL, ("normal", "paused", "action")]

    def test_leads_to_action_when_overturns_are_probably_beyond_the_limit(
        self,
    ) -> None:
        """Source: statistics.md 3.2: 6 of 12 give P(rate > .10) = .975."""
        overturned = [weigh(number, overturned=True) for number in range(1, 6)]
        quiet = clear(range(6, 12))
        last = weigh(12, "overturns", overturned=True)
        found = after(*overturned, *quiet, last)[-1]
        assert isinstance(found, StandingChanged)
        assert (found.standing, found.tier) == ("paused", "action")
        assert found.evidence is not None
        assert found.evidence.overturns_above_limit_ppm == 975_449
        assert found.evidence.overturned == 6
        assert found.evidence.alarms == ("overturns",)
        assert len(found.evidence.judgements) == 12

    def test_is_needed_for_action(self) -> None:
        assert ladder(*HARSH).standing == "normal"

    def test_is_answered_from_every_standing_but_a_pause(self) -> None:
        reduced = clear(range(20, 40))
        assert steps(*reduced, weigh(50, "harsh"))[-1][:2] == ("reduced", "tightened")
        assert after(*PAUSING, weigh(11, "harsh", difference=-9))[-1].type == (
            "moderation.ResultWeighed"
        )


class TestTightened:
    def test_ends_with_five_clear_in_a_row(self) -> None:
        """Source: statistics.md 2.3: back after 5 accepted."""
        history = [weigh(1, "erratic"), *clear(range(2, 6))]
        assert ladder(*history).standing == "tightened"
        assert steps(*history, weigh(6))[-1] == ("tightened", "normal", "earned")


class TestSetStanding:
    """Source: statistics.md 4: re-qualification; the lead decides, with a reason."""

    def test_is_a_fact_with_who_and_why(self) -> None:
        command = change("probation", "paused", reason="A complaint.")
        STANDING.given().when(command).then(
            StandingChanged(
                person_id="p-rev",
                was="probation",
                standing="paused",
                tier="lead",
                cohort_id=None,
                evidence=None,
                set_by="p-lead",
                reason=sealed("A complaint.", "p-lead"),
                occurred_at=NOW,
            )
        )
        STANDING.given(*after(command)).when(command).then_nothing()

    def test_begins_anew_with_probation(self) -> None:
        history = [*PAUSING, change("paused", "probation")]
        found = ladder(*history)
        assert (found.standing, found.judgements) == ("probation", ())
        assert len(found.weighed) == len(PAUSING)

    @pytest.mark.parametrize("to", ["normal", "reduced", "tightened"])
    def test_ends_a_pause_with_probation_alone(self, to: StandingName) -> None:
        history = after(*PAUSING)
        refused = STANDING.given(*history).when(change("paused", to))
        refused.then_refused(ProbationFirstError)

    def test_is_for_a_lead_and_never_about_themselves(self) -> None:
        values = {
            "person_id": "p-lead",
            "part": "reviewer",
            "standing": "normal",
            "reason": sealed("Fine.", "p-lead"),
            "by": "p-lead",
            "at": NOW,
        }
        own = SetStanding(**values, is_by_lead=True)  # type: ignore[arg-type]
        STANDING.given().when(own).then_refused(OwnStandingError)
        other = SetStanding(**values, is_by_lead=False)  # type: ignore[arg-type]
        STANDING.given().when(other).then_refused(NotALeadError)
