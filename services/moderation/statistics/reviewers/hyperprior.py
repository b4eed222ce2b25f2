"""How likely a cohort makes each beta distribution that its rates may come from.

Hyperprior (a + b)^(-5/2) of Gelman et al., Bayesian Data Analysis, 3rd ed., 5.3, for a
and b of which a + b is 1 or more. With m = a / (a + b) and u = (a + b)^(-1/2) it is
even on the unit square: no a + b is so large that it is left out, and u = 0 is one
rate for everybody. Its integral is a sum over a grid of u and the logit of m (for
which what is even in m is m (1 - m)), laid once over all, and again over where the
first one found weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit

from services.moderation.statistics.estimates import Array

_LOGITS = (-14.0, 14.0)
"""Of m: from a rate of one in a million to all but one."""

_CELLS = 40
"""On each side of the grid."""

_FAR_BELOW = 20.0
"""Logarithm of how much less likely a cell is that the second grid leaves out."""

_LEAST = 1e-9
"""Share of the whole below which a cell is not kept."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Beta distributions, with chances that sum to 1."""

    alphas: Array
    betas: Array
    chances: Array


def weighed_priors(overturns: Sequence[float], sizes: Sequence[float]) -> Weighed:
    """Return the priors of a cohort, by what it saw of *sizes* judgements each."""
    found, seen = np.asarray(overturns, float), np.asarray(sizes, float)
    logits, roots = _LOGITS, (0.0, 1.0)
    for _ in range(2):
        at = np.meshgrid(_middles(*logits), _middles(*roots), indexing="ij")
        logs = log_likelihood(*_parameters(*at), found, seen)
        logs += np.log(expit(at[0])) + np.log(expit(-at[0]))
        likely = logs > logs.max() - _FAR_BELOW
        logits = _span(logits, likely.any(axis=1))
        roots = _span(roots, likely.any(axis=0))
    alphas, betas = _parameters(*at)
    chances = np.exp(logs - logs.max())
    kept = chances > _LEAST * chances.sum()
    weights = chances[kept]
    return Weighed(alphas[kept], betas[kept], weights / weights.sum())


def _middles(low: float, high: float) -> Array:
    width = (high - low) / _CELLS
    return np.asarray(low + width * (np.arange(_CELLS) + 0.5))


def _span(bounds: tuple[float, float], likely: Array) -> tuple[float, float]:
    """Return the part of *bounds* with likely cells, and a cell more on either side."""
    low, high = bounds
    width = (high - low) / _CELLS
    places = np.flatnonzero(likely)
    first, last = int(places[0]), int(places[-1])
    return max(low, low + width * (first - 1)), min(high, low + width * (last + 2))


def _parameters(logits: Array, roots: Array) -> tuple[Array, Array]:
    sizes = roots**-2.0
    return expit(logits) * sizes, expit(-logits) * sizes


def log_likelihood(alphas: Array, betas: Array, found: Array, seen: Array) -> Array:
    """Return that of each prior, of *found* overturned among *seen* judgements."""
    before = betaln(alphas, betas)
    logs = np.zeros_like(before)
    for overturns, size in zip(found, seen, strict=True):
        logs += betaln(alphas + overturns, betas + size - overturns) - before
    return logs
