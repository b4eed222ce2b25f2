"""Which reviewers mark unlike their moderators: three charts per reviewer, in integers.

Each chart is a cumulative sum that grows while the evidence does and starts again at
nought: severity on both sides (harsh, lenient), dispersion (erratic) and overturns.
Scores are *points*, thousandths of a standard deviation or of a unit of log-likelihood.
Invariant: integers only, so that every machine, and an outsider's, computes alike.
Source: statistics.md 2.7, 3.1 and 3.3.
"""

from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.decider import Value

Alarm: TypeAlias = Literal["harsh", "lenient", "erratic", "overturns"]

MOST_POINTS = 1_000_000
"""Most points of any parameter: far beyond use, and 64 bits hold every score."""


class Chart(Value):
    """How a difference in levels becomes points, and how many raise the alarm.

    With mean m and standard deviation s of reviewers who mark well, in summed levels:
    1000 / s points per level, 1000 m / s at the centre, rounded.
    """

    points_per_level: int = Field(ge=1, le=MOST_POINTS)
    centre: int = Field(ge=-MOST_POINTS, le=MOST_POINTS)
    """Points of a good reviewer's mean difference, taken off each judgement."""
    allowance: int = Field(ge=0, le=MOST_POINTS)
    """Points of a shift too small to matter, taken off as well (k of the chart)."""
    alarm: int = Field(ge=1, le=MOST_POINTS)

    def points(self, levels: int) -> int:
        """Return how far a difference of *levels* lies from the centre."""
        return self.points_per_level * levels - self.centre


class OverturnChart(Value):
    """Points of an overturn and of none: logarithms of likelihood ratios."""

    up: int = Field(ge=1, le=MOST_POINTS)
    """1000 ln(p1 / p0), from the usual rate p0 to the rate p1 to be found."""
    down: int = Field(ge=1, le=MOST_POINTS)
    """1000 ln((1 - p0) / (1 - p1)), taken off by any other judgement."""
    alarm: int = Field(ge=1, le=MOST_POINTS)


class Detection(Value):
    """The charts of a plan, and how they raise the probability of what comes next."""

    severity: Chart
    """Of signed differences, both ways."""
    dispersion: Chart
    """Of absolute differences."""
    overturns: OverturnChart
    escalates_from_ppm: int = Field(ge=0, lt=PARTS_PER_MILLION)
    """The share of an alarm up to which the floor stands."""
    escalates_fully_ppm: int = Field(ge=1, le=PARTS_PER_MILLION)
    """The share of an alarm from which every judgement is moderated."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        """Refuse an escalation that ends before it begins."""
        if self.escalates_from_ppm >= self.escalates_fully_ppm:
            message = "escalates_from_ppm must be below escalates_fully_ppm"
            raise ValueError(message)
        return self


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

    def risk_ppm(self, detection: Detection) -> int:
        """Return the largest score as a share of its alarm, rounded down."""
        return max(
            PARTS_PER_MILLION * score // alarm
            for _, score, alarm in self._charts(detection)
        )

    def alarms(self, detection: Detection) -> tuple[Alarm, ...]:
        """Return the charts at or above their alarm."""
        return tuple(
            name for name, score, alarm in self._charts(detection) if score >= alarm
        )

    def _charts(self, detection: Detection) -> tuple[tuple[Alarm, int, int], ...]:
        return (
            ("harsh", self.harsh, detection.severity.alarm),
            ("lenient", self.lenient, detection.severity.alarm),
            ("erratic", self.erratic, detection.dispersion.alarm),
            ("overturns", self.overturns, detection.overturns.alarm),
        )


def escalated_ppm(scores: Scores, detection: Detection, floor_ppm: int) -> int:
    """Return the probability that the charts ask for, rounded down.

    The floor up to `escalates_from_ppm` of an alarm, certainty from
    `escalates_fully_ppm`, in between a straight line.
    """
    low, high = detection.escalates_from_ppm, detection.escalates_fully_ppm
    beyond = min(max(scores.risk_ppm(detection) - low, 0), high - low)
    return floor_ppm + (PARTS_PER_MILLION - floor_ppm) * beyond // (high - low)
