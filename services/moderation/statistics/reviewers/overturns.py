"""Overturn rates of reviewers, each drawn towards what is known of all of them.

Overturns x of n judgements: x ~ Binomial(n, p), p ~ Beta(a, b); after the data
Beta(a + x, b + n - x). Of a sample in which some were likelier, x and n are effective
numbers. Source: statistics.md 3.2; Gelman et al., Bayesian Data
Analysis, 3rd ed., ch. 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, betaln, expit, logit

from services.moderation.statistics.estimates import Array, Estimate
from services.moderation.statistics.intervals import beta_interval

FEWEST_REVIEWERS = 8
"""From so many the prior is estimated. Source: statistics.md 3.2."""

_DECIMALS = 3
"""Decimals of what a search for the maximum gives alike on every machine."""

_MEAN_BOUNDS = (1e-4, 1 - 1e-4)
_SIZE_BOUNDS = (1.0, 1_000.0)
"""a + b: the prior weighs as much as one judgement, at most as a thousand."""


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


def prior_by_moments(overturns: Sequence[int], sizes: Sequence[int]) -> Prior:
    """Return the prior with the mean and variance of the observed rates."""
    rates = np.asarray(overturns) / np.asarray(sizes)
    mean = rates.mean()
    size = mean * (1 - mean) / rates.var(ddof=1) - 1
    return Prior(float(mean * size), float((1 - mean) * size))


def fitted_prior(overturns: Sequence[float], sizes: Sequence[float]) -> Prior:
    """Return the prior of greatest likelihood, a + b kept between 1 and 1000."""
    found, seen = np.asarray(overturns, float), np.asarray(sizes, float)
    start = (found.sum() + 0.5) / (seen.sum() + 1)

    def loss(at: Array) -> float:
        mean, size = expit(at[0]), np.exp(at[1])
        alpha, beta = mean * size, (1 - mean) * size
        each = betaln(alpha + found, beta + seen - found) - betaln(alpha, beta)
        return float(-each.sum())

    bounds = [
        (float(logit(_MEAN_BOUNDS[0])), float(logit(_MEAN_BOUNDS[1]))),
        (float(np.log(_SIZE_BOUNDS[0])), float(np.log(_SIZE_BOUNDS[1]))),
    ]
    at = np.array([logit(start), np.log(20.0)])
    best = minimize(loss, at, method="L-BFGS-B", bounds=bounds, tol=1e-14).x
    mean, size = float(expit(best[0])), float(np.exp(best[1]))
    return Prior(mean * size, (1 - mean) * size)


def prior_of(overturns: Sequence[float], sizes: Sequence[float]) -> Prior:
    """Return the prior of a cohort: fitted, or the published one where it tells little.

    Published: below eight reviewers with a moderated judgement, or without an overturn.
    Fitted parameters are rounded, so that every machine goes on from the same ones.
    """
    seen = [(x, n) for x, n in zip(overturns, sizes, strict=True) if n > 0]
    if len(seen) < FEWEST_REVIEWERS or not any(x for x, _ in seen):
        return PUBLISHED
    fitted = fitted_prior(*zip(*seen, strict=True))
    return Prior(round(fitted.alpha, _DECIMALS), round(fitted.beta, _DECIMALS))


def rate_of(prior: Prior, overturns: float, size: float) -> Estimate:
    """Return a reviewer's rate: mean, deviation and interval of the posterior."""
    alpha, beta = _posterior(prior, overturns, size)
    total = alpha + beta
    deviation = np.sqrt(alpha * beta / (total**2 * (total + 1)))
    return Estimate(
        value=alpha / total,
        standard_error=float(deviation),
        interval=beta_interval(alpha, beta, "beta-binomial posterior"),
    )


def chance_above(
    prior: Prior, overturns: float, size: float, threshold: float
) -> float:
    """Return P(rate > *threshold*) after the data."""
    return float(1 - betainc(*_posterior(prior, overturns, size), threshold))


def _posterior(prior: Prior, overturns: float, size: float) -> tuple[float, float]:
    return prior.alpha + overturns, prior.beta + size - overturns
