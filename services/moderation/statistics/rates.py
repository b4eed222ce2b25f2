"""Rates of a cohort from samples in which some judgements were likelier than others.

Invariant: every judgement counts for 1 / its inclusion probability. Rates have no unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.moderation.statistics.estimates import (
    UNDEFINED,
    Array,
    Estimate,
    Interval,
    not_estimable,
)
from services.moderation.statistics.intervals import normal_quantile, wilson

NOTHING_SEEN = "nothing was moderated"
CERTAIN = "all were certain to be drawn, so the draw adds no error"
ALIKE = "all are alike, which shows no spread"
ONE_MARK = "one alone has no spread"
_BLOCKS_ALIKE = "blocks beside one another are alike, which shows no spread"
_PAIR = 2


def hajek_rate(values: Sequence[float], inclusion: Sequence[float]) -> Estimate:
    """Return the weighted mean of *values* in [0, 1] under independent draws.

    sum(y/pi) / sum(1/pi), variance sum (1 - pi) / pi^2 (y - rate)^2 / (sum 1/pi)^2.
    Source: Hajek 1971; statistics.md 2.6. *inclusion*: probabilities, over 0, up to 1.
    """
    if not len(values):
        return not_estimable(NOTHING_SEEN)
    chances = np.asarray(inclusion, dtype=np.float64)
    weights = chances.min() / chances
    marks = np.asarray(values, dtype=np.float64)
    total = weights.sum()
    rate = float((weights * marks).sum() / total)
    spread = ((1 - chances) * weights**2 * (marks - rate) ** 2).sum()
    variance = float(spread / total**2)
    effective = effective_number(rate, variance, _kish(weights))
    reason = CERTAIN if (chances == 1).all() else ALIKE
    return _estimate(rate, variance, effective, reason)


def hajek_mean(values: Sequence[float], inclusion: Sequence[float]) -> Estimate:
    """Return the weighted mean of *values*, in their unit, under independent draws.

    Normal interval: values are not bounded by 0 and 1. Its variance is that of the
    draws as in `hajek_rate`, or the sample variance over Kish's number where that is
    more: what was certain to be drawn is as uncertain as other work of its kind.
    """
    if not len(values):
        return not_estimable(NOTHING_SEEN)
    chances = np.asarray(inclusion, dtype=np.float64)
    weights = chances.min() / chances
    marks = np.asarray(values, dtype=np.float64)
    total, number = weights.sum(), len(marks)
    mean = float((weights * marks).sum() / total)
    squares = weights * (marks - mean) ** 2
    if squares.sum() <= UNDEFINED * total:
        return Estimate(value=mean, reason=ONE_MARK if number == 1 else ALIKE)
    of_draws = ((1 - chances) * weights * squares).sum() / total**2
    of_marks = squares.sum() / total * number / (number - 1) / _kish(weights)
    error = float(np.sqrt(max(of_draws, of_marks)))
    half = normal_quantile() * error
    interval = Interval(mean - half, mean + half, "normal")
    return Estimate(value=mean, standard_error=error, interval=interval)


def share(number: int, of: int) -> Estimate:
    """Return *number* of some alike as a share, with Wilson's interval; *of* over 0."""
    rate = number / of
    return _estimate(rate, rate * (1 - rate) / of, float(of), ALIKE)


def effective_number(rate: float, variance: float, kish: float) -> float:
    """Return how many of a uniform sample would tell as much of a weighted *rate*.

    p (1 - p) / variance, and no more than Kish's: of what was certain to be drawn the
    variance knows nothing, and of what was rarely drawn Kish's number alone nothing.
    Source: Korn and Graubard 1998.
    """
    return min(_by_variance(rate, variance) or kish, kish)


def horvitz_thompson_total(
    values: Sequence[float], inclusion: Sequence[float]
) -> float:
    """Return sum(y / pi), in the unit of *values*.

    Source: Horvitz and Thompson 1952; Lohr, Sampling, ch. 6.
    """
    return float(np.sum(np.asarray(values) / np.asarray(inclusion)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """What was seen of one reviewer without regard to what was seen before."""

    first: Sequence[float]
    """The first judgements, all of them: each counts once."""
    hidden: Sequence[float]
    """The one hidden judgement of each block, in the order of blocks."""
    sizes: Sequence[int] = ()
    """How many judgements each of those blocks had; empty where all were alike."""

    def blocks(self, block_size: int) -> list[tuple[float, int]]:
        """Return each hidden judgement with the size of its block."""
        sizes = self.sizes or [block_size] * len(self.hidden)
        return list(zip(self.hidden, sizes, strict=True))


def official_rate(reviewers: Sequence[Picks], *, block_size: int) -> Estimate:
    """Return the rate of a cohort, or of one reviewer, from `Picks` alone.

    *block_size* holds where picks do not tell the sizes of their blocks.

    Hajek with weight 1 for first judgements and the block size for hidden ones; what
    escalation added is left out, because it depends on what was seen in its block.
    Variance: collapsed pairs of neighbouring blocks, sum over groups of L blocks of
    L / (L - 1) sum (t - mean t)^2, t = block size * (y - rate), divided by the square
    of the sum of weights.
    Source: statistics.md 2.7; Wolter, Introduction to Variance Estimation, ch. 2.5.
    """
    first = [each for picks in reviewers for each in picks.first]
    blocks = [picks.blocks(block_size) for picks in reviewers]
    hidden = [block for each in blocks for block in each]
    if not first and not hidden:
        return not_estimable(NOTHING_SEEN)
    weights = np.asarray([1.0] * len(first) + [float(size) for _, size in hidden])
    total = weights.sum()
    marks = np.asarray(first + [mark for mark, _ in hidden], dtype=np.float64)
    rate = float((weights * marks).sum() / total)
    groups = _collapsed(blocks)
    if groups is None:
        reason = "one block alone has no spread"
        interval = _wilson(rate, _kish(weights))
        return Estimate(value=rate, interval=interval, reason=reason)
    variance = float(sum(_spread(group, rate) for group in groups) / total**2)
    effective = _by_variance(rate, variance) or _kish(weights)
    reason = _BLOCKS_ALIKE if hidden else CERTAIN
    return _estimate(rate, variance, min(effective, float(len(weights))), reason)


def _collapsed(
    by_reviewer: Sequence[Sequence[tuple[float, int]]],
) -> list[list[tuple[float, int]]] | None:
    """Return neighbouring blocks in twos and threes; None for a single block.

    Blocks are paired within a reviewer; what is left over with that of others.
    """
    groups: list[list[tuple[float, int]]] = []
    left_over: list[tuple[float, int]] = []
    for blocks in by_reviewer:
        paired = len(blocks) - len(blocks) % _PAIR
        groups += [list(blocks[at : at + _PAIR]) for at in range(0, paired, _PAIR)]
        left_over += blocks[paired:]
    even = len(left_over) - len(left_over) % _PAIR
    groups += [left_over[at : at + _PAIR] for at in range(0, even, _PAIR)]
    if even == len(left_over):
        return groups
    if not groups:
        return None
    groups[-1] = [*groups[-1], left_over[-1]]
    return groups


def _spread(group: Sequence[tuple[float, int]], rate: float) -> float:
    totals = np.asarray([size * (mark - rate) for mark, size in group])
    return float(len(totals) * totals.var(ddof=1))


def _by_variance(rate: float, variance: float) -> float | None:
    """Return p (1 - p) / variance; None without a spread."""
    is_spread = variance > UNDEFINED**2 and 0 < rate < 1
    return rate * (1 - rate) / variance if is_spread else None


def _kish(weights: Array) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())


def _estimate(rate: float, variance: float, effective: float, reason: str) -> Estimate:
    """Return *rate* with its error; without one, because of *reason*, if it is zero."""
    is_spread = variance > UNDEFINED**2
    return Estimate(
        value=rate,
        standard_error=float(np.sqrt(variance)) if is_spread else None,
        interval=_wilson(rate, effective),
        reason=None if is_spread else reason,
    )


def _wilson(rate: float, effective: float) -> Interval:
    """Return Wilson's interval on an effective number, after Korn and Graubard 1998."""
    return wilson(rate * effective, effective)
