"""Intraclass correlations of Shrout and Fleiss: how alike raters are on a number scale.

From mean squares between units (B), between raters (J), residual (E) and within units
(W) of n units and k raters; single rating and mean of k:
ICC(1,1) (B - W) / (B + (k-1) W); ICC(2,1) (B - E) / (B + (k-1) E + k (J - E) / n);
ICC(3,1) (B - E) / (B + (k-1) E); ICC(1,k) (B - W) / B; ICC(2,k) (B - E) / (B + (J -
E) / n); ICC(3,k) (B - E) / B. Source: Shrout and Fleiss 1979, with their intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

from scipy.special import fdtri

from services.moderation.statistics.estimates import (
    LEVEL,
    UNDEFINED,
    Array,
    Estimate,
    Interval,
    not_estimable,
)

_UPPER = 1 - (1 - LEVEL) / 2
_NO_ERROR = "its distribution is skewed: see the interval"
_ALIKE = "no unit differs from another in the mean"
_NOT_POSITIVE = "the variance of what is rated is estimated as zero or less"
_NO_RESIDUAL = "no residual: the interval does not exist"
_NO_UNITS_APART = "no unit differs from another in the mean, so there is no interval"
_TOO_FEW_DEGREES = "too few degrees of freedom for the approximate interval"
_NO_LOW_END = (
    "the low end does not exist: that of a single rating is -1/(k-1) or less, where "
    "Spearman and Brown's formula ends"
)
NAMES = ("icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k")


_Ends: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Squares:
    units: int
    raters: int
    between: float
    raters_between: float
    residual: float
    within: float


def correlations(ratings: Array, repeats: Array) -> dict[str, Estimate]:
    """Return the six correlations of complete *ratings*, rows x raters.

    *repeats* tells how many units each row stands for.
    """
    if repeats.sum() <= 1 or ratings.shape[1] <= 1:
        return _none("needs two units and two raters")
    spread = ratings.max() - ratings.min()
    if not spread:
        return _none("every mark is the same, so there is nothing to compare")
    squares = _squares((ratings - ratings.min()) / spread, repeats)
    ends = _ends_of(squares)
    return {
        name: _why_no_value(squares) if value is None else _estimate(value, ends[name])
        for name, value in _values(squares).items()
    }


def _none(reason: str) -> dict[str, Estimate]:
    return {name: not_estimable(reason) for name in NAMES}


def _why_no_value(of: _Squares) -> Estimate:
    return not_estimable(_ALIKE if of.between <= UNDEFINED else _NOT_POSITIVE)


def _estimate(value: float, ends: "_Ends | str") -> Estimate:
    """Return the estimate with the interval of *ends*, or why there is none."""
    if isinstance(ends, str):
        return Estimate(value=value, reason=ends)
    interval = Interval(ends[0], ends[1], "F")
    return Estimate(value=value, interval=interval, reason=_NO_ERROR)


def _squares(ratings: Array, repeats: Array) -> _Squares:
    units, raters = int(repeats.sum()), ratings.shape[1]
    rows, columns = ratings.mean(axis=1), repeats @ ratings / units
    grand = columns.mean()
    between = raters * (repeats * (rows - grand) ** 2).sum()
    across = units * ((columns - grand) ** 2).sum()
    within = (repeats[:, None] * (ratings - rows[:, None]) ** 2).sum()
    return _Squares(
        units=units,
        raters=raters,
        between=float(between / (units - 1)),
        raters_between=float(across / (raters - 1)),
        residual=float(max(0.0, within - across) / ((units - 1) * (raters - 1))),
        within=float(within / (units * (raters - 1))),
    )


def _values(of: _Squares) -> dict[str, float | None]:
    others = of.raters - 1
    spread = (of.raters_between - of.residual) / of.units
    fixed, free = of.between - of.residual, of.between - of.within
    single = of.between + others * of.residual
    return {
        "icc_1_1": _ratio(free, of.between + others * of.within),
        "icc_2_1": _ratio(fixed, single + of.raters * spread),
        "icc_3_1": _ratio(fixed, single),
        "icc_1_k": _ratio(free, of.between),
        "icc_2_k": _ratio(fixed, of.between + spread),
        "icc_3_k": _ratio(fixed, of.between),
    }


def _ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom > UNDEFINED else None


def _ends_of(of: _Squares) -> Mapping[str, "_Ends | str"]:
    """Return the ends of each interval from quantiles of F, or why there are none."""
    if of.between <= UNDEFINED:
        return dict.fromkeys(NAMES, _NO_UNITS_APART)
    if of.residual <= UNDEFINED or of.within <= UNDEFINED:
        return dict.fromkeys(NAMES, _NO_RESIDUAL)
    n, k = of.units, of.raters
    one = _ends(of.between / of.within, n - 1, n * (k - 1))
    three = _ends(of.between / of.residual, n - 1, (n - 1) * (k - 1))
    two = _two_way(of)
    found: dict[str, _Ends | str] = {"icc_2_1": two, "icc_2_k": _of_mean(two, k)}
    for name, (low, high) in (("icc_1", one), ("icc_3", three)):
        found[f"{name}_1"] = (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
        found[f"{name}_k"] = 1 - 1 / low, 1 - 1 / high
    return found


def _ends(ratio: float, above: float, below: float) -> _Ends:
    low = ratio / float(fdtri(above, below, _UPPER))
    return low, ratio * float(fdtri(below, above, _UPPER))


def _two_way(of: _Squares) -> "_Ends | str":
    """Return the ends of ICC(2,1), by Satterthwaite's degrees of freedom.

    The approximation can miss what it is for: then there is none.
    """
    n, k = of.units, of.raters
    noise = k * of.raters_between + (k * n - k - n) * of.residual
    rho = n * (of.between - of.residual) / (n * of.between + noise)
    ratio = of.raters_between / of.residual
    total = n * (1 + (k - 1) * rho) - k * rho
    degrees = ((k - 1) * (n - 1) * (k * rho * ratio + total) ** 2) / (
        (n - 1) * k**2 * rho**2 * ratio**2 + total**2
    )
    upper = float(fdtri(n - 1, degrees, _UPPER))
    lower = float(fdtri(degrees, n - 1, _UPPER))
    low = n * (of.between - upper * of.residual) / (upper * noise + n * of.between)
    high = n * (lower * of.between - of.residual) / (noise + n * lower * of.between)
    if not (isfinite(low) and isfinite(high) and low <= rho <= high):
        return _TOO_FEW_DEGREES
    return low, high


def _of_mean(ends: "_Ends | str", raters: int) -> "_Ends | str":
    """Return the ends for a mean of *raters*, by Spearman and Brown's formula."""
    if isinstance(ends, str):
        return ends
    if 1 + (raters - 1) * ends[0] <= UNDEFINED:
        return _NO_LOW_END
    low, high = (raters * each / (1 + (raters - 1) * each) for each in ends)
    return low, high
