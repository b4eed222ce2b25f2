"""Whether reviewers change over time: the points of three charts for each of them.

Points stand in the order of arrival, one for each judgement with a blind second one;
their number is that of the pair, so that no chart tells which judgement was drawn.
Severity: two-sided CUSUM of z = (d - mean) / deviation over all pairs of the cohort, d
the mean difference over criteria. Distance: one-sided CUSUM of the summed absolute
differences, standardised alike. Overturns: integer CUSUM. Source: statistics.md 3.3.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.moderation.statistics.charts.runs import (
    bernoulli_run_length,
    cusum_run_length,
)
from services.moderation.statistics.estimates import UNDEFINED
from services.moderation.statistics.reports.records import Judgement, Records
from services.moderation.statistics.reports.reviewers import by_reviewer
from shared.vocabulary import CRITERIA

REFERENCE, LIMIT = 0.5, 5.0
"""In deviations: half of the smallest shift that matters, and where a sum signals."""

OVERTURN_STEP, OVERTURN_LIMIT = 8, 20
"""Integer CUSUM of overturns. Source: statistics.md 3.3, exact run lengths."""

LEAST_PAIRS_OF_ALL = 20
"""Pairs of the cohort from which its mean and deviation are known enough (P)."""

_USUAL_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Scale:
    """Mean and deviation of differences, then of distances, of the cohort."""

    difference: tuple[float, float]
    distance: tuple[float, float]


def drift_of(records: Records) -> dict[str, object]:
    """Return the charts of every reviewer, or why there are none."""
    paired = records.paired
    if len(paired) < LEAST_PAIRS_OF_ALL:
        reason = f"too few: {len(paired)} of at least {LEAST_PAIRS_OF_ALL} pairs"
        return {"charts": None, "reason": reason}
    scale = _Scale(
        _standard([_difference(each) for each in paired]),
        _standard([_distance(each) for each in paired]),
    )
    return {
        "reference": REFERENCE,
        "limit": LIMIT,
        "overturn_step": OVERTURN_STEP,
        "overturn_limit": OVERTURN_LIMIT,
        "pairs_until_a_false_signal": {
            "severity": cusum_run_length(0.0, reference=REFERENCE, limit=LIMIT),
            "overturns": bernoulli_run_length(
                _USUAL_SHARE, step=OVERTURN_STEP, limit=OVERTURN_LIMIT
            ),
        },
        "charts": {
            who: list(_points(judgements, scale))
            for who, judgements in by_reviewer(records).items()
        },
        "reason": None,
    }


def _points(
    judgements: Sequence[Judgement], scale: _Scale
) -> Iterator[dict[str, object]]:
    lenient = severe = distant = 0.0
    overturned = 0
    for number, each in enumerate((each for each in judgements if each.blind), 1):
        z = _standardised(_difference(each), scale.difference)
        far = _standardised(_distance(each), scale.distance)
        lenient = max(0.0, lenient + z - REFERENCE)
        severe = max(0.0, severe - z - REFERENCE)
        distant = max(0.0, distant + far - REFERENCE)
        if each.is_settled:
            step = OVERTURN_STEP - 1 if each.is_wrong else -1
            overturned = max(0, overturned + step)
        yield {
            "number": number,
            "difference": _difference(each),
            "lenient": lenient,
            "severe": severe,
            "distant": distant,
            "overturns": overturned,
            "signals": _signals(lenient, severe, distant, overturned),
        }


def _signals(
    lenient: float, severe: float, distant: float, overturned: int
) -> list[str]:
    over = {
        "lenient": lenient >= LIMIT,
        "severe": severe >= LIMIT,
        "distant": distant >= LIMIT,
        "overturns": overturned >= OVERTURN_LIMIT,
    }
    return [name for name, is_over in over.items() if is_over]


def _difference(judgement: Judgement) -> float:
    return sum(judgement.gaps) / len(CRITERIA)


def _distance(judgement: Judgement) -> float:
    return float(sum(map(abs, judgement.gaps)))


def _standard(values: Sequence[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values, ddof=1))


def _standardised(value: float, scale: tuple[float, float]) -> float:
    mean, deviation = scale
    return (value - mean) / deviation if deviation > UNDEFINED else 0.0
