"""Pairs of marks as a table of shares, with what their sampling says of its errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.moderation.statistics.estimates import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """How often each pair of marks occurs: first rater in rows, second in columns."""

    scale: tuple[float, ...]
    """The full scale, ascending, also marks that nobody gave."""
    counts: Array
    """Pairs in each cell."""
    shares: Array
    """p_kl, design-weighted where the sample was not uniform; zeros without a pair."""
    variances: Array
    """What a pair in the cell adds to a variance, per squared contribution."""
    effective: float
    """Kish's effective number of pairs, (sum w)^2 / sum w^2; n for equal weights."""
    is_weighted: bool = False

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return int(self.counts.sum())

    def error_of(self, contributed: Array) -> float:
        """Return the standard error of a statistic from what each cell adds to it.

        sqrt(sum v_kl (u_kl - u)^2) with u = sum p_kl u_kl.
        """
        mean = (self.shares * contributed).sum()
        return float(np.sqrt((self.variances * (contributed - mean) ** 2).sum()))


def joint_of_table(
    scale: Sequence[float], counts: Array, *, population: int | None = None
) -> Joint:
    """Return the table *counts*, drawn with equal chances.

    Variance p_kl (1 - f) / n; f = n/N with *population* N, else 0.
    """
    number = counts.sum()
    shares = counts / number if number else np.zeros_like(counts)
    seen = number / population if population else 0.0
    return Joint(
        scale=tuple(scale),
        counts=counts,
        shares=shares,
        variances=shares * (1 - seen) / max(number, 1),
        effective=float(number),
    )


def joint_of_pairs(
    scale: Sequence[float],
    pairs: Sequence[tuple[float, float]],
    *,
    inclusion: Sequence[float] | None = None,
    population: int | None = None,
) -> Joint:
    """Return the table of *pairs*, each drawn with its probability in *inclusion*.

    Hajek: p_kl = sum of 1/pi in the cell / sum of 1/pi. Variance of independent draws:
    sum of (1 - pi) / pi^2 in the cell / (sum of 1/pi)^2, so that the finite cohort is
    taken into account. Source: Hajek 1971; statistics.md 1.7 and 2.6.
    """
    places = {mark: place for place, mark in enumerate(scale)}
    cells = [(places[first], places[second]) for first, second in pairs]
    counts = _summed(cells, [1.0] * len(cells), len(scale))
    if inclusion is None or not cells:
        return joint_of_table(scale, counts, population=population)
    chances = np.asarray(inclusion, dtype=np.float64)
    weights = chances.min() / chances
    total = weights.sum()
    return Joint(
        scale=tuple(scale),
        counts=counts,
        shares=_summed(cells, weights, len(scale)) / total,
        variances=_summed(cells, (1 - chances) * weights**2, len(scale)) / total**2,
        effective=float(total**2 / (weights**2).sum()),
        is_weighted=True,
    )


def _summed(
    cells: Sequence[tuple[int, int]], amounts: Sequence[float] | Array, categories: int
) -> Array:
    table = np.zeros((categories, categories))
    if cells:
        rows, columns = np.asarray(cells).T
        np.add.at(table, (rows, columns), amounts)
    return table
