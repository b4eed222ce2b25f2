"""The ladder of standings: how closely somebody's judgements are looked at, and why.

    probation -> [clear] -> normal -> [many clear, and probably rarely overturned] ->
    reduced; any alarm -> tightened; an alarm that is probably right -> paused; from
    there by re-qualification -> probation, and again from the beginning.

An alarm alone is *advisory*: charts that are kept long enough sound for mild natural
variation, too. *Action* needs an alarm and a posterior that says that the severity, or
the rate of overturns, is beyond what the policy accepts. Sources: statistics.md 3.3
(two tiers), 4 (ladder) and 2.3 (back to normal, as in ISO 2859-1).

Invariant: a step follows from the results that were weighed and the policy alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self, TypeAlias
from uuid import UUID

from services.moderation.domain.detection import Alarm
from services.moderation.domain.posterior import (
    PARTS_PER_MILLION,
    OverturnPrior,
    SeverityPrior,
    overturns_above_ppm,
    severity_beyond_ppm,
)
from shared.contracts.programme import StandingPolicy
from shared.decider import Value
from shared.personal import Personal

Part: TypeAlias = Literal["reviewer", "moderator"]
"""In which part somebody is looked at; whoever has both stands on two ladders."""

StandingName: TypeAlias = Literal[
    "probation", "normal", "reduced", "tightened", "paused"
]

Tier: TypeAlias = Literal[
    "earned", "lost", "advisory", "action", "lead", "unqualified", "qualified"
]
"""What led to a change: results, an alarm, an alarm with a posterior, a person; that
somebody new has to qualify, or that somebody has."""


class LadderRules(Value):
    """When a step is taken. Source: the programme's policy, and there."""

    clear_to_normal: int
    clear_to_reduced: int
    low_rate_ppm: int
    low_rate_confidence_ppm: int
    overturn_limit_ppm: int
    severity_limit: int
    """Thousandths of a level, summed over the criteria."""
    action_confidence_ppm: int
    overturn_prior: OverturnPrior
    severity_prior: SeverityPrior

    @classmethod
    def of(cls, policy: StandingPolicy) -> Self:
        """Return the rules of a programme."""
        return cls(
            clear_to_normal=policy.clear_to_normal.value,
            clear_to_reduced=policy.clear_to_reduced.value,
            low_rate_ppm=policy.low_rate_ppm.value,
            low_rate_confidence_ppm=policy.low_rate_confidence_ppm.value,
            overturn_limit_ppm=policy.overturn_limit_ppm.value,
            severity_limit=policy.severity_limit_thousandths.value,
            action_confidence_ppm=policy.action_confidence_ppm.value,
            overturn_prior=OverturnPrior(
                mean_ppm=policy.usual_overturns_ppm.value,
                correlation_ppm=policy.overturns_correlation_ppm.value,
            ),
            severity_prior=SeverityPrior(
                between=policy.severity_between_thousandths.value,
                within=policy.severity_within_thousandths.value,
            ),
        )


class Evidence(Value):
    """On what a step rests: results since the last probation, and what they say."""

    judgements: tuple[UUID, ...]
    overturned: int
    level_difference: int
    """Theirs minus the moderators', summed over criteria and judgements."""
    alarms: tuple[Alarm, ...]
    overturns_above_limit_ppm: int
    severity_beyond_limit_ppm: int


@dataclass(frozen=True, slots=True)
class Change:
    """How somebody came to stand where they do."""

    at: datetime
    tier: Tier
    cohort_id: str | None
    evidence: Evidence | None
    set_by: str | None
    reason: Personal[str] | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where somebody stands, and the results since their last probation."""

    standing: StandingName = "probation"
    was_paused: bool = False
    """This probation follows a pause: an alarm cannot make it any closer."""
    clear_in_row: int = 0
    judgements: tuple[UUID, ...] = ()
    overturned: int = 0
    level_difference: int = 0
    weighed: frozenset[UUID] = frozenset()
    """Everything that ever counted: nothing counts twice."""
    resumed_at: datetime | None = None
    """When the probation after their last pause began; None when there was none."""
    last: Change | None = None
    """None while they are where everybody begins."""

    def precedes_probation(self, judged_at: datetime) -> bool:
        """Tell whether something was judged before the last pause ended."""
        return self.resumed_at is not None and judged_at < self.resumed_at


def evidence(ladder: Ladder, rules: LadderRules, alarms: Sequence[Alarm]) -> Evidence:
    """Return what the results since the last probation say."""
    moderated = len(ladder.judgements)
    return Evidence(
        judgements=ladder.judgements,
        overturned=ladder.overturned,
        level_difference=ladder.level_difference,
        alarms=tuple(alarms),
        overturns_above_limit_ppm=overturns_above_ppm(
            ladder.overturned,
            moderated,
            limit_ppm=rules.overturn_limit_ppm,
            prior=rules.overturn_prior,
        ),
        severity_beyond_limit_ppm=severity_beyond_ppm(
            ladder.level_difference,
            moderated,
            limit=rules.severity_limit,
            prior=rules.severity_prior,
        ),
    )


def next_step(
    ladder: Ladder, rules: LadderRules, alarms: Sequence[Alarm]
) -> tuple[StandingName, Tier] | None:
    """Return where results and alarms lead to; None when nothing changes.

    Nothing but a person or a re-qualification ends a pause.
    """
    if ladder.standing == "paused":
        return None
    alarmed = _alarmed(ladder, rules, alarms) if alarms else None
    if alarmed is not None:
        return alarmed
    if alarms and not ladder.was_paused:
        return None
    match ladder.standing:
        case "probation" | "tightened":
            is_earned = ladder.clear_in_row >= rules.clear_to_normal
            return ("normal", "earned") if is_earned else None
        case "normal":
            return ("reduced", "earned") if _is_reliable(ladder, rules) else None
        case "reduced":
            return None if ladder.clear_in_row else ("normal", "lost")


def _alarmed(
    ladder: Ladder, rules: LadderRules, alarms: Sequence[Alarm]
) -> tuple[StandingName, Tier] | None:
    found = evidence(ladder, rules, alarms)
    likeliest = max(found.overturns_above_limit_ppm, found.severity_beyond_limit_ppm)
    if likeliest > rules.action_confidence_ppm:
        return ("paused", "action")
    if ladder.standing == "tightened" or ladder.was_paused:
        return None
    return ("tightened", "advisory")


def _is_reliable(ladder: Ladder, rules: LadderRules) -> bool:
    if ladder.clear_in_row < rules.clear_to_reduced:
        return False
    above = overturns_above_ppm(
        ladder.overturned,
        len(ladder.judgements),
        limit_ppm=rules.low_rate_ppm,
        prior=rules.overturn_prior,
    )
    return PARTS_PER_MILLION - above > rules.low_rate_confidence_ppm
