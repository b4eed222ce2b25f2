"""Severity of raters on one scale, from the many-facet Rasch model.

logit of level k against k - 1 = theta_j - delta_ik - lambda_r, for case j, criterion i,
rater r; theta ~ N(0, s^2), severities sum to zero. Marginal maximum likelihood over a
grid of theta, by its gradient; errors from its curvature. A report at the end of a
cohort, refused where raters are not connected: the severities of two parts without a
common rater cannot be compared. Source: Linacre 1989, Many-Facet
Rasch Measurement; statistics.md 3.5. Severities in logits: above zero is severe.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_array

from services.moderation.statistics.estimates import Array

_GRID = np.linspace(-6.0, 6.0, 61)
"""Points of theta in deviations: the likelihood is right to a hundredth with them."""

_STEP = 1e-4
"""Logits by which the gradient is differentiated."""

_LARGEST_STEP = 12.0
"""Logits; a threshold that nobody crosses would go on to infinity."""

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Marks as parallel arrays of places: case, criterion, rater, and the level."""

    cases: Places
    criteria: Places
    raters: Places
    levels: Places
    """From 0."""

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """How many cases, criteria, raters and levels there are."""
        each = (self.cases, self.criteria, self.raters, self.levels)
        cases, criteria, raters, levels = (int(places.max()) + 1 for places in each)
        return cases, criteria, raters, levels


@dataclass(frozen=True, slots=True)
class Facets:
    """What the model ends with."""

    severities: Array
    """lambda_r in logits, of each rater; they sum to zero."""
    errors: Array
    """Standard errors of the severities."""
    deviation: float
    """s, of theta."""
    deviance: float
    """-2 log likelihood."""


def fitted_facets(ratings: Ratings) -> Facets:
    """Return the model of greatest marginal likelihood; raters must be connected."""
    likelihood = _Likelihood(ratings)
    start = np.zeros(likelihood.parameters)
    bounds = [(-_LARGEST_STEP, _LARGEST_STEP)] * likelihood.parameters
    found = minimize(
        likelihood.loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 2_000, "maxfun": 4_000, "ftol": 1e-11, "gtol": 1e-5},
    )
    covariance = np.linalg.pinv(likelihood.curvature(found.x))
    raters = slice(-likelihood.free_raters - 1, -1)
    full = likelihood.contrast @ covariance[raters, raters] @ likelihood.contrast.T
    return Facets(
        severities=likelihood.severities(found.x),
        errors=np.sqrt(np.maximum(0.0, np.diag(full))),
        deviation=float(np.exp(found.x[-1])),
        deviance=float(2 * found.fun),
    )


class _Likelihood:
    """The marginal likelihood of parameters: steps, severities but one, log s.

    Marks with the same criterion, rater and level are alike, so chances are computed
    once for each such kind, and a sparse table tells which kinds each case has.
    """

    def __init__(self, ratings: Ratings) -> None:
        cases, self._criteria, raters, levels = ratings.sizes
        self._steps = levels - 1
        self.free_raters = raters - 1
        last = -np.ones((1, self.free_raters))
        self.contrast: Array = np.vstack([np.eye(self.free_raters), last])
        self.parameters = self._criteria * self._steps + self.free_raters + 1
        self._shape = self._criteria, raters, levels
        kinds = np.ravel_multi_index(
            (ratings.criteria, ratings.raters, ratings.levels), self._shape
        )
        shape = cases, self._criteria * raters * levels
        ones = np.ones(len(kinds))
        self._table = csr_array((ones, (ratings.cases, kinds)), shape=shape)
        self._turned = self._table.T.tocsr()
        weights = np.exp(-(_GRID**2) / 2)
        self._log_weights = np.log(weights / weights.sum())

    def severities(self, at: Array) -> Array:
        """Return lambda of every rater."""
        return np.asarray(self.contrast @ at[self._criteria * self._steps : -1])

    def loss(self, at: Array) -> tuple[float, Array]:
        """Return minus the log likelihood, and its gradient."""
        log_chances, above = self._chances(at)
        joint = self._table @ log_chances + self._log_weights
        top = joint.max(axis=1, keepdims=True)
        scaled = np.exp(joint - top)
        total = scaled.sum(axis=1)
        likelihood = float((top[:, 0] + np.log(total)).sum())
        seen = self._turned @ (scaled / total[:, None])
        return -likelihood, -self._gradient(at, seen, above)

    def curvature(self, at: Array) -> Array:
        """Return the matrix of second derivatives of minus the log likelihood."""
        rows = [
            (self.loss(at + step)[1] - self.loss(at - step)[1]) / (2 * _STEP)
            for step in _STEP * np.eye(self.parameters)
        ]
        found = np.asarray(rows)
        return np.asarray((found + found.T) / 2)

    def _chances(self, at: Array) -> tuple[Array, Array]:
        """Return log P(level | theta) by kind, P(level >= k) by criterion and rater."""
        deltas = at[: self._criteria * self._steps].reshape(self._criteria, -1)
        hurdles = deltas[:, None, :] + self.severities(at)[None, :, None]
        theta = np.exp(at[-1]) * _GRID
        climbs = np.cumsum(theta - hurdles[..., None], axis=2)
        heights = np.concatenate([np.zeros_like(climbs[:, :, :1]), climbs], axis=2)
        heights -= heights.max(axis=2, keepdims=True)
        chances = np.exp(heights)
        totals = chances.sum(axis=2, keepdims=True)
        above = np.cumsum(chances[:, :, ::-1], axis=2)[:, :, ::-1][:, :, 1:] / totals
        return (heights - np.log(totals)).reshape(-1, len(_GRID)), above

    def _gradient(self, at: Array, seen: Array, above: Array) -> Array:
        """Return the gradient from the posterior weight *seen* of each kind."""
        weight = seen.reshape(*self._shape, len(_GRID))
        reached = np.cumsum(weight[:, :, ::-1], axis=2)[:, :, ::-1]
        residuals = reached[:, :, 1:] - reached[:, :, :1] * above
        by_step = residuals.sum(axis=3)
        theta = np.exp(at[-1]) * _GRID
        return np.concatenate(
            [
                -by_step.sum(axis=1).reshape(-1),
                -by_step.sum(axis=(0, 2)) @ self.contrast,
                [(residuals.sum(axis=(0, 1, 2)) * theta).sum()],
            ]
        )
