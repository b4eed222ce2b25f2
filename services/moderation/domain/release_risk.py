"""Whether a cohort may be released without judging everything again, and at what risk.

Invariant: if at least the tolerated share of a population's decisions is wrong, the
chance that `may_release` ever says yes, however often it is asked while the sample
grows, is at most ``alpha_ppm``. Exact integers; every rounding is against a release.

Source: ALPHA martingale for sampling without replacement (Stark 2023, Annals of Applied
Statistics 17:641), as in statistics.md 2.8. With N decisions, of which at least D =
ceil(N T) wrong under the null, and S of the first j - 1 found correct:

    mu_j  = (N - D - S) / (N - j + 1)
    eta_j = max(mu_j + 1/10000, (20 (1 - T/5) + S) / (20 + j - 1))
    M_j   = M_(j-1) * (eta_j / mu_j if correct else (1 - eta_j) / (1 - mu_j))

mu < 0: fewer than D can be wrong, the null is false. mu = 0: only another correct one
shows that. mu >= 1: D or more were found wrong, and nothing can be said for a release.
The sample is a simple random one in the order of its tickets, never the risk-based one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

PARTS_PER_MILLION = 1_000_000

_SCALE = 1 << 512
"""One, in the fixed-point numbers the martingale is kept in, rounded down."""

_PRIOR_WEIGHT = 20
"""d: the first guess weighs as many decisions. Source: statistics.md 2.8."""

_PRIOR_SHARE = 5
"""The first guess is a fifth of the tolerated rate. Source: statistics.md 2.8."""

_LEAST_LEAD = 10_000
"""eta lies above mu by at least one in so many. Source: statistics.md 2.8."""

_MOST_CERTAIN = 10**9
"""eta stays below 1 by one in so many, so that an error always counts."""


class ImpossibleSampleError(ValueError):
    """The sample cannot have come from the population, or a rate is out of range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a sample says against "at least the tolerated number is wrong"."""

    population: int
    intolerable: int
    """So many wrong decisions are what a release must all but rule out."""
    checked: int
    wrong: int
    risk_ppm: int
    """1 / the largest M so far in parts per million, rounded up: 0 when certain."""


def evidence(
    correct: Sequence[bool], *, population: int, tolerated_ppm: int
) -> Evidence:
    """Return what *correct*, decisions in the order of their tickets, says.

    Raises:
        ImpossibleSampleError: more decisions than there are, or a rate outside (0, 1].
    """
    intolerable = intolerable_number(population, tolerated_ppm)
    if len(correct) > population:
        message = f"{len(correct)} checked, but the population is {population}"
        raise ImpossibleSampleError(message)
    wrong = sum(not each for each in correct)
    return Evidence(
        population=population,
        intolerable=intolerable,
        checked=len(correct),
        wrong=wrong,
        risk_ppm=PARTS_PER_MILLION
        if wrong >= intolerable
        else _risk_ppm(correct, population, intolerable, tolerated_ppm),
    )


def may_release(
    correct: Sequence[bool], *, population: int, tolerated_ppm: int, alpha_ppm: int
) -> bool:
    """Tell whether the rest may be released unseen, at a risk of at most *alpha_ppm*.

    Raises:
        ImpossibleSampleError: see `evidence`.
    """
    _require_rate(alpha_ppm, "alpha_ppm")
    found = evidence(correct, population=population, tolerated_ppm=tolerated_ppm)
    return found.risk_ppm <= alpha_ppm


def needed_without_errors(
    population: int, *, tolerated_ppm: int, alpha_ppm: int
) -> int:
    """Return how many correct decisions in a row allow a release."""
    _require_rate(alpha_ppm, "alpha_ppm")
    intolerable = intolerable_number(population, tolerated_ppm)
    walk = _Martingale(population, intolerable, tolerated_ppm)
    while walk.risk_ppm() > alpha_ppm:
        walk.see(is_correct=True)
    return walk.checked


def needed_after(
    correct: Sequence[bool], *, population: int, tolerated_ppm: int, alpha_ppm: int
) -> int:
    """Return how many more correct decisions in a row allow a release; 0 for none.

    All that are left when not even they do.
    """
    _require_rate(alpha_ppm, "alpha_ppm")
    intolerable = intolerable_number(population, tolerated_ppm)
    walk = _Martingale(population, intolerable, tolerated_ppm)
    least = walk.risk_ppm()
    for is_correct in correct:
        walk.see(is_correct=is_correct)
        least = min(least, walk.risk_ppm())
    while least > alpha_ppm and walk.checked < population:
        walk.see(is_correct=True)
        least = min(least, walk.risk_ppm())
    return walk.checked - len(correct)


def discovery_size(population: int, *, tolerated_ppm: int, alpha_ppm: int) -> int:
    """Return the smallest fixed sample that, without an error, allows a release.

    Hypergeometric, acceptance number 0: least n with C(N-D, n) / C(N, n) <= alpha.
    """
    _require_rate(alpha_ppm, "alpha_ppm")
    right = population - intolerable_number(population, tolerated_ppm)
    return next(
        size
        for size in range(population + 1)
        if comb(right, size) * PARTS_PER_MILLION <= alpha_ppm * comb(population, size)
    )


def intolerable_number(population: int, tolerated_ppm: int) -> int:
    """Return the least number of wrong decisions that is at least the tolerated rate.

    Raises:
        ImpossibleSampleError: an empty population, or a rate outside (0, 1].
    """
    _require_rate(tolerated_ppm, "tolerated_ppm")
    if population < 1:
        message = f"the population is {population}; it must be at least 1"
        raise ImpossibleSampleError(message)
    return -(-population * tolerated_ppm // PARTS_PER_MILLION)


def _risk_ppm(
    correct: Sequence[bool], population: int, intolerable: int, tolerated_ppm: int
) -> int:
    walk = _Martingale(population, intolerable, tolerated_ppm)
    least = walk.risk_ppm()
    for is_correct in correct:
        walk.see(is_correct=is_correct)
        least = min(least, walk.risk_ppm())
    return least


class _Martingale:
    """M after each decision; local to one call."""

    def __init__(self, population: int, intolerable: int, tolerated_ppm: int) -> None:
        self._population = population
        self._right_under_null = population - intolerable
        self._guess = _PRIOR_WEIGHT * (_PRIOR_SHARE * PARTS_PER_MILLION - tolerated_ppm)
        self._right = 0
        self._value = _SCALE
        self.checked = 0

    def risk_ppm(self) -> int:
        """Return 1/M in parts per million, rounded up, at most a million."""
        if self._right > self._right_under_null:
            return 0
        if self._value == 0:
            return PARTS_PER_MILLION
        return min(PARTS_PER_MILLION, -(-PARTS_PER_MILLION * _SCALE // self._value))

    def see(self, *, is_correct: bool) -> None:
        """Take the next decision into account."""
        left = self._population - self.checked
        mu = self._right_under_null - self._right
        if 0 < mu < left:
            top, bottom = self._eta(mu, left)
            if is_correct:
                self._value = self._value * top * left // (bottom * mu)
            else:
                lost = (bottom - top) * left
                self._value = self._value * lost // (bottom * (left - mu))
        elif mu >= left and not is_correct:
            self._value = 0
        self._right += is_correct
        self.checked += 1

    def _eta(self, mu: int, left: int) -> tuple[int, int]:
        """Return eta as numerator and denominator; *mu* is that of mu_j."""
        unit = _PRIOR_SHARE * PARTS_PER_MILLION
        guess = self._guess + unit * self._right, unit * (_PRIOR_WEIGHT + self.checked)
        lead = _LEAST_LEAD * mu + left, _LEAST_LEAD * left
        larger = guess if guess[0] * lead[1] >= lead[0] * guess[1] else lead
        most = _MOST_CERTAIN - 1, _MOST_CERTAIN
        return larger if larger[0] * most[1] <= most[0] * larger[1] else most


def _require_rate(ppm: int, name: str) -> None:
    if not 0 < ppm <= PARTS_PER_MILLION:
        message = f"{name} is {ppm}; it must be from 1 to {PARTS_PER_MILLION}"
        raise ImpossibleSampleError(message)
