"""Intervals of proportions, and of whatever is computed from a table of pairs."""

from math import inf, sqrt

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit

from services.moderation.statistics.estimates import (
    DRAWN_DECIMALS,
    LEVEL,
    Array,
    Interval,
)

_TAIL = (1 - LEVEL) / 2
_TWO_BY_TWO = 2


def wilson(successes: float, trials: float) -> Interval:
    """Return Wilson's score interval of a proportion.

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Source: Wilson 1927,
    Newcombe 1998. *trials* must be positive; both may be effective numbers.
    """
    z = float(ndtri(1 - _TAIL))
    share = successes / trials
    centre = share + z * z / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    low, high = (centre - half) / scale, (centre + half) / scale
    low = 0.0 if successes <= 0 else max(0.0, low)
    high = 1.0 if successes >= trials else min(1.0, high)
    return Interval(low, high, "Wilson")


def clopper_pearson(successes: int, trials: int) -> Interval:
    """Return the exact interval of a proportion, from quantiles of the beta.

    Source: Clopper and Pearson 1934.
    """
    failures = trials - successes
    low = betaincinv(successes, failures + 1, _TAIL) if successes else 0.0
    high = betaincinv(successes + 1, failures, 1 - _TAIL) if failures else 1.0
    return Interval(float(low), float(high), "Clopper-Pearson")


def beta_interval(alpha: float, beta: float, method: str) -> Interval:
    """Return the middle `LEVEL` of a beta distribution."""
    low, high = betaincinv(alpha, beta, [_TAIL, 1 - _TAIL])
    return Interval(float(low), float(high), method)


def student(
    value: float, standard_error: float, degrees: int, *, least: float = -inf
) -> Interval:
    """Return value +- t * standard error, cut at *least* and 1.

    Coefficients have no least value of their own: how far below 0 they go depends on
    the weights.
    """
    half = float(stdtrit(degrees, 1 - _TAIL)) * standard_error
    return Interval(max(least, value - half), min(1.0, value + half), "Student's t")


def normal_quantile() -> float:
    """Return z such that value +- z * standard error has `LEVEL`."""
    return float(ndtri(1 - _TAIL))


def prior_of(categories: int) -> float:
    """Return the prior count in each cell of a table of pairs.

    1/2 for 2x2, else 1/q^2. Source: coverage measured in statistics.md 1.6; 1/2 in each
    of sixteen cells covers as little as .02.
    """
    return 0.5 if categories == _TWO_BY_TWO else 1 / categories**2


def posterior_tables(
    counts: Array, draws: int, generator: np.random.Generator
) -> Array:
    """Return *draws* tables of shares from the Dirichlet posterior of *counts*.

    Shape (draws, q, q). Gamma variates are normalised by hand: cells this small would
    otherwise all underflow together.
    """
    shape = counts + prior_of(len(counts))
    variates = generator.standard_gamma(shape, (draws, *shape.shape))
    totals = variates.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(variates / np.maximum(totals, np.finfo(np.float64).tiny))


def posterior_interval(value: float, drawn: Array) -> Interval | None:
    """Return the middle `LEVEL` of drawn values; None where too few are defined.

    Undefined draws (nan) are tables in which the coefficient does not exist; with more
    than one in a hundred of them an interval of the rest would mislead. Where *value*,
    the estimate, lies beyond an end, that end is the value, as for a proportion of 0
    or 1 under Jeffreys' prior. Source: Brown, Cai and DasGupta 2001.
    """
    defined = drawn[np.isfinite(drawn)]
    if len(defined) < 0.99 * len(drawn):
        return None
    ends = np.quantile(defined, [_TAIL, 1 - _TAIL])
    low, high = (round(float(each), DRAWN_DECIMALS) for each in ends)
    return Interval(min(low, value), max(high, value), "Dirichlet posterior")
