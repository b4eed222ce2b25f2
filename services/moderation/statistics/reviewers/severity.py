"""How severe reviewers are, from paired differences to blind second judgements.

A difference d is the mean over criteria of reviewer minus moderator, in levels: below
zero is severe, above it lenient. Paired, because a reviewer's own mean also tells of
the caseload. Reviewer r has s_r ~ N(m, t^2), d ~ N(s_r, v); t^2 by moments, at least 0.
Each pair counts for 1 / its inclusion probability, and a reviewer's pairs together for
their effective number, (sum w)^2 / sum w^2: what is drawn because of what was seen, or
because it was CNM, is no picture of a reviewer's work.
Source: statistics.md 1.7, 3.1; Efron and Morris 1975, DerSimonian and Laird 1986.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from scipy.special import ndtr

from services.moderation.statistics.estimates import (
    UNDEFINED,
    Array,
    Estimate,
    Interval,
    not_estimable,
)
from services.moderation.statistics.intervals import normal_quantile

TOO_FEW = "needs two reviewers, and one with two pairs"
ALIKE = "pairs of each reviewer are all alike, which shows no spread"
_UNSEEN = "no pair of this reviewer"
_TWO = 2

Pair: TypeAlias = tuple[float, float]
"""A difference, and the probability with which it was drawn."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of one reviewer."""

    mean: float
    effective: float
    """Number of equally likely pairs that would tell as much."""
    spread: float
    """Sum of squares around the mean, of so many pairs."""


def severities(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Estimate]:
    """Return each reviewer's severity in levels, drawn towards that of all."""
    seen = {who: _seen(each) for who, each in pairs.items() if each}
    degrees = sum(each.effective - 1 for each in seen.values())
    if len(seen) < _TWO or degrees <= UNDEFINED:
        return dict.fromkeys(pairs, not_estimable(TOO_FEW))
    within = sum(each.spread for each in seen.values()) / degrees
    if within <= UNDEFINED:
        return {who: _untested(seen.get(who)) for who in pairs}
    sizes = np.array([each.effective for each in seen.values()])
    means = np.array([each.mean for each in seen.values()])
    between = _between(means, sizes, within)
    precision = 1 / (between + within / sizes)
    centre = float((precision * means).sum() / precision.sum())
    variances = within, between, float(1 / precision.sum())
    found = {
        who: _posterior(each.mean, each.effective, centre, variances)
        for who, each in seen.items()
    }
    return {who: found.get(who, not_estimable(_UNSEEN)) for who in pairs}


def _untested(seen: _Seen | None) -> Estimate:
    """Return a mean alone: how much pairs of one reviewer differ is not known."""
    return Estimate(value=seen.mean, reason=ALIKE) if seen else not_estimable(_UNSEEN)


def _seen(pairs: Sequence[Pair]) -> _Seen:
    differences, chances = np.asarray(pairs, dtype=np.float64).T
    weights = chances.min() / chances
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    mean = float((weights * differences).sum() / weights.sum())
    spread = (weights * (differences - mean) ** 2).sum() / weights.sum()
    return _Seen(mean, effective, float(spread * effective))


def _between(means: Array, sizes: Array, within: float) -> float:
    """Return t^2 by the moments of DerSimonian and Laird."""
    total = sizes.sum()
    centre = (sizes * means).sum() / total
    excess = (sizes * (means - centre) ** 2).sum() - within * (len(means) - 1)
    return float(max(0.0, excess / (total - (sizes**2).sum() / total)))


def _posterior(
    mean: float, size: float, centre: float, variances: tuple[float, float, float]
) -> Estimate:
    """Return N(m, t^2) after *size* pairs, with the uncertainty of m itself."""
    within, between, uncertain = variances
    noise = within / size
    kept = between / (between + noise)
    value = kept * mean + (1 - kept) * centre
    error = sqrt(kept * noise + (1 - kept) ** 2 * uncertain)
    half = normal_quantile() * error
    interval = Interval(value - half, value + half, "normal posterior")
    return Estimate(value=value, standard_error=error, interval=interval)


def chance_beyond(severity: Estimate, limit: float) -> float | None:
    """Return P(|severity| > *limit*), in levels; None where that has no error."""
    if severity.value is None or not severity.standard_error:
        return None
    value, error = severity.value, severity.standard_error
    below, above = ndtr((-limit - value) / error), ndtr((value - limit) / error)
    return float(below + above)
