"""Samples of a fixed size: what they can find, and what they accept.

Shares of wrong decisions in [0, 1]; sizes and numbers of errors are counts.
"""

from math import comb

from scipy.special import bdtr, bdtri, pdtr

LARGEST_SAMPLE = 100_000
"""No plan needs more; a search that gets here was asked for the impossible."""


class NoPlanError(ValueError):
    """No sample keeps both risks: ask for less, or for a wider gap between shares."""


def discovery_size(tolerable: float, *, risk: float, errors_allowed: int = 0) -> int:
    """Return the least sample in which so few errors rule out the *tolerable* share.

    Least n with P(at most c errors | n, p) <= risk, binomial. Source: AICPA Audit
    Guide: Audit Sampling, table A-1.
    """
    return next(
        size
        for size in range(errors_allowed + 1, LARGEST_SAMPLE)
        if bdtr(errors_allowed, size, tolerable) <= risk
    )


def upper_bound_without_errors(size: int, *, risk: float = 0.05) -> float:
    """Return the largest share that *size* decisions without an error leave possible.

    1 - risk^(1/n), near 3/n. Source: Hanley and Lippman-Hand 1983, rule of three.
    """
    return float(1 - risk ** (1 / size))


def chance_of_acceptance(
    share: float, *, size: int, errors_allowed: int, population: int | None = None
) -> float:
    """Return the chance of at most so many errors: binomial, or hypergeometric."""
    if population is None:
        return float(bdtr(errors_allowed, size, share))
    wrong = round(population * share)
    ways = sum(
        comb(wrong, found) * comb(population - wrong, size - found)
        for found in range(min(errors_allowed, wrong, size) + 1)
    )
    return ways / comb(population, size)


def chance_of_acceptance_by_count(
    expected_errors: float, *, errors_allowed: int
) -> float:
    """Return the chance of at most so many errors where *expected_errors* are many."""
    return float(pdtr(errors_allowed, expected_errors))


def share_accepted_with(chance: float, *, size: int, errors_allowed: int) -> float:
    """Return the share of wrong decisions that is accepted with *chance*."""
    return float(bdtri(errors_allowed, size, chance))


def two_point_plan(
    good: float,
    bad: float,
    *,
    least_chance: float,
    most_chance: float,
    population: int | None = None,
) -> tuple[int, int]:
    """Return the smallest sample, and how many errors it allows.

    A cohort with the *good* share passes with at least *least_chance*, one with the
    *bad* share with at most *most_chance*. Source: R AcceptanceSampling, find.plan.

    Raises:
        NoPlanError: nothing keeps both.
    """
    allowed = 0
    for size in range(1, (population or LARGEST_SAMPLE) + 1):
        while (
            allowed < size and _accepts(good, size, allowed, population) < least_chance
        ):
            allowed += 1
        if _accepts(bad, size, allowed, population) <= most_chance:
            return size, allowed
    raise NoPlanError


def _accepts(share: float, size: int, allowed: int, population: int | None) -> float:
    return chance_of_acceptance(
        share, size=size, errors_allowed=allowed, population=population
    )
