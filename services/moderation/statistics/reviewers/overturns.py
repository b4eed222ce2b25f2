"""Overturn rates of reviewers, each drawn towards what is known of all of them.

Overturns x of n judgements: x ~ Binomial(n, p), p ~ Beta(a, b); after the data
Beta(a + x, b + n - x). Of a sample in which some were likelier, x and n are effective
numbers. How alike reviewers are is not known either: a rate is told as the mixture of
these betas over all a and b, each as likely as the cohort makes it. Source:
statistics.md 3.2; Gelman et al., Bayesian Data Analysis, 3rd ed., 5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc

from services.moderation.statistics.estimates import (
    LEVEL,
    Array,
    Estimate,
    Interval,
)
from services.moderation.statistics.reviewers.hyperprior import (
    Weighed,
    weighed_priors,
)

FEWEST_REVIEWERS = 8
"""From so many the prior is estimated. Source: statistics.md 3.2."""

_METHOD = "beta-binomial posterior"
_TAIL = (1 - LEVEL) / 2
_TOLERANCE = 1e-10

Origin: TypeAlias = Literal["published", "estimated"]


@dataclass(frozen=True, slots=True)
class Prior:
    """A beta distribution of overturn rates."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The overturn rate of a reviewer of whom nothing is known."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def correlation(self) -> float:
        """How alike judgements of one reviewer are: rho = 1 / (a + b + 1)."""
        return 1 / (self.alpha + self.beta + 1)


PUBLISHED = Prior(1.045, 17.955)
"""Mean .055 and rho .05, used where reviewers are few. Source: statistics.md 3.2."""


@dataclass(frozen=True, slots=True)
class Priors:
    """Beta distributions of overturn rates, each with how likely it is."""

    weighed: Weighed
    origin: Origin

    @property
    def mean(self) -> float:
        """The overturn rate of a reviewer of whom nothing is known."""
        alphas, betas = self.weighed.alphas, self.weighed.betas
        return float(self.weighed.chances @ (alphas / (alphas + betas)))

    @property
    def correlation(self) -> float:
        """How alike judgements of one reviewer are: rho = 1 / (a + b + 1)."""
        sizes = self.weighed.alphas + self.weighed.betas
        return float(self.weighed.chances @ (1 / (sizes + 1)))


def known(prior: Prior) -> Priors:
    """Return *prior* as the only one there is."""
    alone = Weighed(np.array([prior.alpha]), np.array([prior.beta]), np.ones(1))
    return Priors(alone, "published")


def priors_of(overturns: Sequence[float], sizes: Sequence[float]) -> Priors:
    """Return what a cohort says of its prior; the published one where it is small.

    Published: below eight reviewers with a moderated judgement.
    """
    seen = [(x, n) for x, n in zip(overturns, sizes, strict=True) if n > 0]
    if len(seen) < FEWEST_REVIEWERS:
        return known(PUBLISHED)
    return Priors(weighed_priors(*zip(*seen, strict=True)), "estimated")


def rate_of(priors: Priors, overturns: float, size: float) -> Estimate:
    """Return a reviewer's rate: mean, deviation and interval of the posterior."""
    alphas, betas = _posterior(priors, overturns, size)
    chances, totals = priors.weighed.chances, alphas + betas
    means = alphas / totals
    mean = float(chances @ means)
    each = means * (1 - means) / (totals + 1)
    variance = float(chances @ (each + (means - mean) ** 2))
    low, high = (
        _quantile(alphas, betas, chances, share) for share in (_TAIL, 1 - _TAIL)
    )
    return Estimate(
        value=mean,
        standard_error=float(np.sqrt(variance)),
        interval=Interval(low, high, _METHOD),
    )


def chance_above(
    priors: Priors, overturns: float, size: float, threshold: float
) -> float:
    """Return P(rate > *threshold*) after the data."""
    alphas, betas = _posterior(priors, overturns, size)
    return 1 - _chance_below(threshold, alphas, betas, priors.weighed.chances)


def _posterior(priors: Priors, overturns: float, size: float) -> tuple[Array, Array]:
    """Return the betas of one reviewer: the cohort they weigh from holds them, too."""
    weighed = priors.weighed
    return weighed.alphas + overturns, weighed.betas + size - overturns


def _chance_below(rate: float, alphas: Array, betas: Array, chances: Array) -> float:
    return float(chances @ betainc(alphas, betas, rate))


def _quantile(alphas: Array, betas: Array, chances: Array, share: float) -> float:
    """Return the rate below which *share* of the mixture lies."""

    def missing(rate: float) -> float:
        return _chance_below(rate, alphas, betas, chances) - share

    return float(brentq(missing, 0.0, 1.0, xtol=_TOLERANCE))
