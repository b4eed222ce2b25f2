"""Intraclass correlations of Shrout and Fleiss: how alike raters are on a number scale.

From mean squares between units (B), between raters (J), residual (E) and within units
(W) of n units and k raters; single rating and mean of k:
ICC(1,1) (B - W) / (B + (k-1) W); ICC(2,1) (B - E) / (B + (k-1) E + k (J - E) / n);
ICC(3,1) (B - E) / (B + (k-1) E); ICC(1,k) (B - W) / B; ICC(2,k) (B - E) / (B + (J -
E) / n); ICC(3,k) (B - E) / B. Source: Shrout and Fleiss 1979, with their intervals.
"""

from dataclasses import dataclass

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
NAMES = ("icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k")


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
    squares = _squares(ratings, repeats)
    if squares.between <= UNDEFINED and squares.within <= UNDEFINED:
        return _none("every mark is the same, so there is nothing to compare")
    intervals = _intervals(squares)
    return {
        name: _estimate(value, intervals.get(name))
        for name, value in _values(squares).items()
    }


def _none(reason: str) -> dict[str, Estimate]:
    return {name: not_estimable(reason) for name in NAMES}


def _estimate(value: float | None, interval: Interval | None) -> Estimate:
    if value is None:
        return not_estimable("no unit differs from another in the mean")
    reason = _NO_ERROR if interval else "no residual: the interval does not exist"
    return Estimate(value=value, interval=interval, reason=reason)


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


def _intervals(of: _Squares) -> dict[str, Interval]:
    """Return the intervals from quantiles of F; none where there is no residual."""
    if of.residual <= UNDEFINED or of.within <= UNDEFINED:
        return {}
    n, k = of.units, of.raters
    one = _ends(of.between / of.within, n - 1, n * (k - 1))
    three = _ends(of.between / of.residual, n - 1, (n - 1) * (k - 1))
    two = _two_way(of)
    found = {"icc_2_1": two, "icc_2_k": tuple(_of_mean(each, k) for each in two)}
    for name, ends in (("icc_1", one), ("icc_3", three)):
        found[f"{name}_1"] = tuple((each - 1) / (each + k - 1) for each in ends)
        found[f"{name}_k"] = tuple(1 - 1 / each for each in ends)
    return {name: Interval(ends[0], ends[1], "F") for name, ends in found.items()}


def _ends(ratio: float, above: float, below: float) -> tuple[float, float]:
    low = ratio / float(fdtri(above, below, _UPPER))
    return low, ratio * float(fdtri(below, above, _UPPER))


def _two_way(of: _Squares) -> tuple[float, float]:
    """Return the interval of ICC(2,1), by Satterthwaite's degrees of freedom."""
    n, k = of.units, of.raters
    rho = _values(of)["icc_2_1"] or 0.0
    ratio = of.raters_between / of.residual
    total = n * (1 + (k - 1) * rho) - k * rho
    degrees = ((k - 1) * (n - 1) * (k * rho * ratio + total) ** 2) / (
        (n - 1) * k**2 * rho**2 * ratio**2 + total**2
    )
    upper = float(fdtri(n - 1, degrees, _UPPER))
    lower = float(fdtri(degrees, n - 1, _UPPER))
    noise = k * of.raters_between + (k * n - k - n) * of.residual
    low = n * (of.between - upper * of.residual) / (upper * noise + n * of.between)
    high = n * (lower * of.between - of.residual) / (noise + n * lower * of.between)
    return low, high


def _of_mean(single: float, raters: int) -> float:
    """Return Spearman and Brown's reliability of a mean of *raters*."""
    return raters * single / (1 + (raters - 1) * single)
