"""The charts of the domain for many reviewers at once.

Invariant: for each of them exactly the integers of ``domain.detection``; a test walks
both side by side.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from services.moderation.domain.detection import Detection
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.marking import Flags, Levels

Points: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What moderating one portfolio of each reviewer would show."""

    level_difference: Levels
    absolute_difference: Levels
    is_wrong: Flags


class Charts:
    """Scores of many reviewers, in points; they change with what is moderated."""

    def __init__(
        self, reviewers: int, detection: Detection, *, only_overturns: bool = False
    ) -> None:
        """Begin at nought; *only_overturns* looks at no criterion."""
        self.detection = detection
        self.only_overturns = only_overturns
        self.harsh: Points = np.zeros(reviewers, np.int64)
        self.lenient: Points = np.zeros(reviewers, np.int64)
        self.erratic: Points = np.zeros(reviewers, np.int64)
        self.overturns: Points = np.zeros(reviewers, np.int64)

    def add(self, shown: Shown, of: Flags) -> None:
        """Take in what was *shown* of the reviewers in *of*."""
        chart = self.detection.overturns
        step = np.where(shown.is_wrong, chart.up, -chart.down)
        _raise(self.overturns, step, of)
        if self.only_overturns:
            return
        severity, dispersion = self.detection.severity, self.detection.dispersion
        signed = severity.points_per_level * shown.level_difference.astype(np.int64)
        signed -= severity.centre
        spread = dispersion.points_per_level * shown.absolute_difference.astype(
            np.int64
        )
        spread -= dispersion.centre
        _raise(self.harsh, -signed - severity.allowance, of)
        _raise(self.lenient, signed - severity.allowance, of)
        _raise(self.erratic, spread - dispersion.allowance, of)

    def risk_ppm(self) -> Points:
        """Return each one's largest score as a share of its alarm, rounded down."""
        found = self.detection
        risk = PARTS_PER_MILLION * self.overturns // found.overturns.alarm
        if not self.only_overturns:
            severity = np.maximum(self.harsh, self.lenient)
            risk = np.maximum(
                risk, PARTS_PER_MILLION * severity // found.severity.alarm
            )
            risk = np.maximum(
                risk, PARTS_PER_MILLION * self.erratic // found.dispersion.alarm
            )
        return risk

    def escalated_ppm(self, risk_ppm: Points, floor_ppm: int) -> Points:
        """Return the probability that the charts ask for at this risk."""
        low = self.detection.escalates_from_ppm
        range_ppm = self.detection.escalates_fully_ppm - low
        beyond = np.clip(risk_ppm - low, 0, range_ppm)
        return floor_ppm + (PARTS_PER_MILLION - floor_ppm) * beyond // range_ppm


def _raise(score: Points, step: Points, of: Flags) -> None:
    np.copyto(score, np.maximum(0, score + step), where=of)
