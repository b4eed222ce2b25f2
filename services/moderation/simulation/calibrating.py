"""Alarms that at most one good reviewer in a hundred raises.

The three alarms keep the proportions that give each chart the same share of false
flags when everything is moderated; one factor on all of them is then chosen for the
policy. Source: statistics.md 3.3, "calibrate jointly by seeded simulation".
"""

from math import log

import numpy as np

from services.moderation.domain.detection import (
    DETECTION,
    Chart,
    Detection,
    OverturnChart,
)
from services.moderation.simulation.charts import Charts
from services.moderation.simulation.following import NEVER, Simulated, follow, shown
from services.moderation.simulation.marking import Judgements, Levels
from services.moderation.simulation.policies import Policy

FALSE_FLAGS = 0.01
"""Most good reviewers who may raise an alarm in a cohort. Source: statistics.md 3.3."""
ALLOWANCE = 500
"""Half a standard deviation (k). Source: statistics.md 3.1."""
WORSE_TIMES = 4
"""The overturn rate to find, by the usual one. Source: statistics.md 3.3."""
SHARE_OF_EACH = 0.004
"""Good reviewers whom each chart alone flags when everything is moderated."""
_LOWEST, _HIGHEST = 200, 2_500
_THOUSAND = 1_000


def points_of(good: Judgements) -> Detection:
    """Return charts in points of these good reviewers, each with the same alarm share.

    Their alarms hold when everything is moderated.
    """
    found = DETECTION.model_copy(
        update={
            "severity": _chart(good.level_difference),
            "dispersion": _chart(good.absolute_difference),
            "overturns": _overturns(float(good.is_wrong.mean())),
        }
    )
    return _with_alarms(found, *_peaks(good, found))


def calibrated(
    policy: Policy, start: Detection, good: Simulated, *, lag: int = 0
) -> Detection:
    """Return *start* with the lowest alarms that few enough of *good* raise."""
    start = escalating(start, policy)
    low, high = _LOWEST, _HIGHEST
    while high - low > 1:
        middle = (low + high) // 2
        tried = _times(start, middle)
        flagged = follow(policy, tried, good, lag=lag).flagged_at != NEVER
        low, high = (middle, high) if flagged.mean() > FALSE_FLAGS else (low, middle)
    return _times(start, high)


def escalating(detection: Detection, policy: Policy) -> Detection:
    """Return *detection* that escalates where the policy does."""
    if policy.escalation is None:
        return detection
    return detection.model_copy(
        update={
            "escalates_from_ppm": policy.escalation.from_ppm,
            "escalates_fully_ppm": policy.escalation.fully_ppm,
        }
    )


def _chart(differences: Levels) -> Chart:
    mean, deviation = float(differences.mean()), float(differences.std())
    return Chart(
        points_per_level=round(_THOUSAND / deviation),
        centre=round(_THOUSAND * mean / deviation),
        allowance=ALLOWANCE,
        alarm=1,
    )


def _overturns(usual: float) -> OverturnChart:
    worse = min(WORSE_TIMES * usual, (1 + usual) / 2)
    return OverturnChart(
        up=round(_THOUSAND * log(worse / usual)),
        down=round(_THOUSAND * log((1 - usual) / (1 - worse))),
        alarm=1,
    )


def _peaks(good: Judgements, detection: Detection) -> tuple[int, int, int]:
    """Return the score of each chart that few enough reach when all is moderated."""
    charts = Charts(good.reviewers, detection)
    everybody = np.ones(good.reviewers, np.bool_)
    peaks = np.zeros((3, good.reviewers), np.int64)
    for number in range(good.portfolios):
        charts.add(shown(good, number), everybody)
        severity = np.maximum(charts.harsh, charts.lenient)
        now = np.stack((severity, charts.erratic, charts.overturns))
        np.maximum(peaks, now, out=peaks)
    severity, dispersion, overturns = np.quantile(peaks, 1 - SHARE_OF_EACH, axis=1)
    return int(severity), int(dispersion), int(overturns)


def _times(detection: Detection, thousandths: int) -> Detection:
    """Return *detection* with every alarm multiplied."""
    alarms = (
        detection.severity.alarm,
        detection.dispersion.alarm,
        detection.overturns.alarm,
    )
    return _with_alarms(
        detection, *(alarm * thousandths // _THOUSAND for alarm in alarms)
    )


def _with_alarms(
    detection: Detection, severity: int, dispersion: int, overturns: int
) -> Detection:
    charts = {
        "severity": (detection.severity, severity),
        "dispersion": (detection.dispersion, dispersion),
        "overturns": (detection.overturns, overturns),
    }
    return detection.model_copy(
        update={
            name: chart.model_copy(update={"alarm": max(1, alarm)})
            for name, (chart, alarm) in charts.items()
        }
    )
