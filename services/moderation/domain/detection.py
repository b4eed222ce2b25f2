"""Which reviewers mark unlike their moderators: three charts per reviewer, in integers.

Each chart is a cumulative sum that grows while the evidence does and starts again at
nought: severity on both sides (harsh, lenient), dispersion (erratic) and overturns.
Scores are *points*, thousandths of a standard deviation or of a unit of log-likelihood.
Invariant: integers only, so that every machine, and an outsider's, computes alike.
Source: statistics.md 2.7, 3.1 and 3.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.programme import Chart, Detection, OverturnChart

__all__ = [
    "DETECTION",
    "NO_SCORES",
    "Alarm",
    "Chart",
    "Detection",
    "Observation",
    "OverturnChart",
    "Scores",
    "escalated_ppm",
    "risen",
    "runs_after",
    "scores_after",
]

Alarm: TypeAlias = Literal["harsh", "lenient", "erratic", "overturns", "seeds"]
"""The charts; and too many of the last seeds out of tolerance, which is none."""

DETECTION = Detection(
    severity=Chart(points_per_level=1186, centre=-22, allowance=500, alarm=7080),
    dispersion=Chart(points_per_level=1338, centre=948, allowance=500, alarm=7540),
    overturns=OverturnChart(up=1386, down=187, alarm=5420),
    escalates_from_ppm=300_000,
    escalates_fully_ppm=700_000,
)
"""For about 100 judgements per reviewer. Source: statistics.md 3.3, policy G.

Good reviewers of its section 5: signed sum -.0183, standard deviation .8429; absolute
sum .7085, standard deviation .7476; overturned .05368, to be found at four times that.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What moderating one judgement showed, over the three criteria."""

    level_difference: int
    """Reviewer minus moderator, signed and summed."""
    absolute_difference: int
    """The same without signs."""
    overturned: bool
    """It was settled against the reviewer's outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Where the charts of one reviewer stand, in points."""

    harsh: int = 0
    lenient: int = 0
    erratic: int = 0
    overturns: int = 0

    def after(self, observation: Observation, detection: Detection) -> "Scores":
        """Return the scores with one more judgement."""
        severity, dispersion = detection.severity, detection.dispersion
        signed = severity.points(observation.level_difference)
        spread = dispersion.points(observation.absolute_difference)
        overturns = detection.overturns
        step = overturns.up if observation.overturned else -overturns.down
        return Scores(
            harsh=max(0, self.harsh - signed - severity.allowance),
            lenient=max(0, self.lenient + signed - severity.allowance),
            erratic=max(0, self.erratic + spread - dispersion.allowance),
            overturns=max(0, self.overturns + step),
        )

    def by_chart(self) -> dict[Alarm, int]:
        """Return every score by the alarm it may raise."""
        return {
            "harsh": self.harsh,
            "lenient": self.lenient,
            "erratic": self.erratic,
            "overturns": self.overturns,
        }

    def risk_ppm(self, detection: Detection) -> int:
        """Return the largest score as a share of its alarm, rounded down."""
        alarms = _alarms(detection)
        return max(
            PARTS_PER_MILLION * score // alarms[chart]
            for chart, score in self.by_chart().items()
        )

    def alarms(self, detection: Detection) -> tuple[Alarm, ...]:
        """Return the charts at or above their alarm."""
        alarms = _alarms(detection)
        scores = self.by_chart().items()
        return tuple(chart for chart, score in scores if score >= alarms[chart])


NO_SCORES = Scores()
"""Of a reviewer of whom nothing is moderated yet."""


def scores_after(
    before: Scores,
    observation: Observation,
    detection: Detection | None,
    *,
    is_old: bool,
) -> Scores | None:
    """Return where charts stand after a comparison; None where a plan has none.

    What is old, judged before they began anew, leaves them as they are.
    """
    if detection is None:
        return None
    return before if is_old else before.after(observation, detection)


def _alarms(detection: Detection) -> dict[Alarm, int]:
    return {
        "harsh": detection.severity.alarm,
        "lenient": detection.severity.alarm,
        "erratic": detection.dispersion.alarm,
        "overturns": detection.overturns.alarm,
    }


def risen(before: Scores, after: Scores, detection: Detection) -> tuple[Alarm, ...]:
    """Return the charts that came to their alarm from below it."""
    quiet = set(before.by_chart()) - set(before.alarms(detection))
    return tuple(chart for chart in after.alarms(detection) if chart in quiet)


def runs_after(
    runs: Mapping[Alarm, tuple[UUID, ...]], judgement_id: UUID, scores: Scores
) -> dict[Alarm, tuple[UUID, ...]]:
    """Return by chart the judgements since it was last at nought, with one more."""
    return {
        chart: (*runs.get(chart, ()), judgement_id) if score else ()
        for chart, score in scores.by_chart().items()
    }


def escalated_ppm(scores: Scores, detection: Detection, floor_ppm: int) -> int:
    """Return the probability that the charts ask for, rounded down.

    The floor up to `escalates_from_ppm` of an alarm, certainty from
    `escalates_fully_ppm`, in between a straight line.
    """
    low, high = detection.escalates_from_ppm, detection.escalates_fully_ppm
    beyond = min(max(scores.risk_ppm(detection) - low, 0), high - low)
    return floor_ppm + (PARTS_PER_MILLION - floor_ppm) * beyond // (high - low)
