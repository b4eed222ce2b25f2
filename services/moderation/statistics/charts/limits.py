"""Limits of charts of shares, and of how many judgements lie between two overturns."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

from scipy.special import bdtr, bdtrc

_SIGMAS = 3.0
_TAIL = 0.00135
"""Chance beyond three standard deviations on one side."""

SMALLEST_NORMAL_SAMPLE = 25
"""Three-sigma limits of a share are wrong up to here. Source: statistics.md 3.3."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and limits of a chart; a point beyond a limit is a signal."""

    centre: float
    low: float
    high: float


def p_chart(errors: Sequence[int], size: int) -> Limits:
    """Return three-sigma limits of the share of errors in samples of *size*.

    p +- 3 sqrt(p (1-p) / n). Source: Montgomery, ch. 7; for samples over 25 only.
    """
    centre = sum(errors) / (len(errors) * size)
    half = _SIGMAS * sqrt(centre * (1 - centre) / size)
    return Limits(centre, max(0.0, centre - half), min(1.0, centre + half))


def exact_limits(share: float, size: int) -> Limits:
    """Return the limits a share in *size* judgements passes with .00135 on each side.

    The share is beyond them, not on them. Binomial, for small samples.
    """
    high = next(
        number for number in range(size + 1) if bdtrc(number, size, share) <= _TAIL
    )
    low = next(
        number for number in range(size + 1) if bdtr(number, size, share) > _TAIL
    )
    return Limits(share, low / size, high / size)


def g_chart_limit(share: float) -> int:
    """Return how many judgements between two overturns are surprisingly many.

    Least n with P(number <= n) >= .99865, geometric: 1 - (1-p)^n.
    """
    return ceil(log(_TAIL) / log(1 - share))
