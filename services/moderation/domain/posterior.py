"""What a few moderated judgements say about a reviewer: two small posteriors.

Overturns: beta-binomial. Severity: normal-normal. Both have a prior that is published
in the policy, because a reviewer has few moderated judgements. Sources: statistics.md
3.1 and 3.2.

Invariant: decimal arithmetic with a fixed precision, so that every machine, and an
outsider's, computes the same parts per million.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from shared.decider import Value

PARTS_PER_MILLION = 1_000_000

_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_ENOUGH = Decimal("1e-20")
"""A term so much smaller than the sum ends a series."""
_PI = Decimal("3.14159265358979323846264338327950288420")
_FAR = Decimal(9)
"""So many standard deviations out, less than a part per million is left."""


class OverturnPrior(Value):
    """How often reviewers are overturned, before this one is looked at."""

    mean_ppm: int
    correlation_ppm: int
    """1 / (a + b + 1) of the beta distribution: 0 would make all reviewers alike."""

    def shape(self) -> tuple[Decimal, Decimal]:
        """Return a and b of the beta distribution."""
        mean = Decimal(self.mean_ppm) / PARTS_PER_MILLION
        correlation = Decimal(self.correlation_ppm) / PARTS_PER_MILLION
        weight = (1 - correlation) / correlation
        return mean * weight, (1 - mean) * weight


class SeverityPrior(Value):
    """How far reviewers and single judgements lie from their moderators.

    In thousandths of a level, of differences summed over the three criteria.
    """

    between: int
    """Standard deviation of reviewers who mark well."""
    within: int
    """Standard deviation of the judgements of one reviewer."""


@dataclass(frozen=True, slots=True)
class Severity:
    """The posterior of a reviewer's mean difference, in thousandths of a level."""

    mean: Decimal
    deviation: Decimal


def overturns_above_ppm(
    overturned: int, moderated: int, *, limit_ppm: int, prior: OverturnPrior
) -> int:
    """Return the probability that the reviewer's rate of overturns is above the limit.

    Both tails of the beta distribution are sums of positive terms with one common
    factor, which cancels: with a, b of the posterior and x the limit,
    I_x(a, b) ~ sum (a+b)_n / (a+1)_n x^n / a. Source: DLMF 8.17.8.
    """
    with localcontext(_CONTEXT):
        a, b = prior.shape()
        a, b = a + overturned, b + moderated - overturned
        limit = Decimal(limit_ppm) / PARTS_PER_MILLION
        if limit in {0, 1}:
            return 0 if limit else PARTS_PER_MILLION
        below = _tail(a, a + b, limit)
        above = _tail(b, a + b, 1 - limit)
        return _ppm(above / (above + below))


def severity_of(difference: int, moderated: int, prior: SeverityPrior) -> Severity:
    """Return the posterior after differences that sum up to *difference* levels."""
    with localcontext(_CONTEXT):
        between, within = Decimal(prior.between) ** 2, Decimal(prior.within) ** 2
        precision = moderated / within + 1 / between
        mean = 1000 * difference / within / precision
        return Severity(mean, (1 / precision).sqrt())


def severity_beyond_ppm(
    difference: int, moderated: int, *, limit: int, prior: SeverityPrior
) -> int:
    """Return the probability that the mean difference is beyond *limit*, either way.

    *difference* is summed over criteria and judgements, in levels; *limit* in
    thousandths of a level.
    """
    with localcontext(_CONTEXT):
        found = severity_of(difference, moderated, prior)
        too_harsh = _normal_below((-limit - found.mean) / found.deviation)
        too_lenient = _normal_below((found.mean - limit) / found.deviation)
        return _ppm(too_harsh + too_lenient)


def _tail(a: Decimal, total: Decimal, x: Decimal) -> Decimal:
    """Return sum over n of (total)_n / (a+1)_n x^n, divided by a."""
    term = 1 / a
    found, n = term, 0
    while term > found * _ENOUGH or (total + n) * x >= a + 1 + n:
        term *= (total + n) / (a + 1 + n) * x
        found += term
        n += 1
    return found


def _normal_below(z: Decimal) -> Decimal:
    """Return the share of the normal distribution below *z* standard deviations.

    1/2 + density(z) * (z + z^3/3 + z^5/(3*5) + ...). Source: DLMF 7.6.2.
    """
    if abs(z) > _FAR:
        return Decimal(z > 0)
    term, found, n = abs(z), abs(z), 1
    while term > found * _ENOUGH:
        n += 2
        term *= z * z / n
        found += term
    share = found * (-z * z / 2).exp() / (2 * _PI).sqrt()
    return Decimal("0.5") + share.copy_sign(z)


def _ppm(probability: Decimal) -> int:
    return int((probability * PARTS_PER_MILLION).to_integral_value())
