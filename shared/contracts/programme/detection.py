"""Parameters of the charts that find reviewers who mark unlike their moderators."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.programme.values import Record

PARTS_PER_MILLION = 1_000_000

MOST_POINTS = 1_000_000
"""Most points of any parameter: far beyond use, and 64 bits hold every score."""

Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]


class Chart(Record):
    """How a difference in levels becomes points, and how many raise the alarm.

    With mean m and standard deviation s of reviewers who mark well, in summed levels:
    1000 / s points per level, 1000 m / s at the centre, rounded.
    """

    points_per_level: Points
    centre: int = Field(ge=-MOST_POINTS, le=MOST_POINTS)
    """Points of a good reviewer's mean difference, taken off each judgement."""
    allowance: int = Field(ge=0, le=MOST_POINTS)
    """Points of a shift too small to matter, taken off as well (k of the chart)."""
    alarm: Points

    def points(self, levels: int) -> int:
        """Return how far a difference of *levels* lies from the centre."""
        return self.points_per_level * levels - self.centre


class OverturnChart(Record):
    """Points of an overturn and of none: logarithms of likelihood ratios."""

    up: Points
    """1000 ln(p1 / p0), from the usual rate p0 to the rate p1 to be found."""
    down: Points
    """1000 ln((1 - p0) / (1 - p1)), taken off by any other judgement."""
    alarm: Points


class Detection(Record):
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
