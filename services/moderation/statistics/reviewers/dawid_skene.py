"""True classes behind the marks of raters who err in ways of their own.

EM of Dawid and Skene 1979 to its fixed point: T_ij = P(class j of item i) ~ p_j times,
over raters k and marks l, pi_kjl ^ n_ikl; p_j = mean T_ij; pi_kjl ~ smoothing +
sum_i T_ij n_ikl. A report at the end of a cohort, never a decision: with one reviewer
and one moderator for each item it is identified only by fixed labels and smoothing, and
only with twenty items of every class. Source: statistics.md 3.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.moderation.statistics.estimates import Array

_TOLERANCE = 1e-12
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Classes:
    """What EM ends with."""

    shares: Array
    """p_j, of each class."""
    confusion: Array
    """pi_kjl, raters x true class x mark: each row sums to 1."""
    chances: Array
    """T_ij, items x classes."""
    log_likelihood: float


def dawid_skene(
    counts: Array, *, fixed: Mapping[int, int] | None = None, smoothing: float = 0.0
) -> Classes:
    """Return the classes behind *counts*, items x raters x marks.

    *fixed* gives items a class that is known; *smoothing* is added to every count of a
    confusion matrix. Starts at the majority of marks. Every item needs a mark.
    """
    labels = dict(fixed or {})
    totals = counts.sum(axis=1)
    chances = _held(totals / totals.sum(axis=1, keepdims=True), labels)
    before = -np.inf
    for _ in range(_MOST_ROUNDS):
        shares, confusion = _fitted(counts, chances, smoothing)
        chances, likelihood = _expected(counts, shares, confusion, labels)
        if abs(likelihood - before) < _TOLERANCE * (1 + abs(likelihood)):
            break
        before = likelihood
    return Classes(shares, confusion, chances, likelihood)


def _fitted(counts: Array, chances: Array, smoothing: float) -> tuple[Array, Array]:
    seen = np.einsum("ij,ikl->kjl", chances, counts) + smoothing
    totals = seen.sum(axis=2, keepdims=True)
    even = 1 / counts.shape[2]
    confusion = np.where(totals > 0, seen / np.where(totals > 0, totals, 1.0), even)
    return chances.mean(axis=0), confusion


def _expected(
    counts: Array, shares: Array, confusion: Array, labels: Mapping[int, int]
) -> tuple[Array, float]:
    with np.errstate(divide="ignore"):
        logs = np.log(confusion)
        prior = np.log(shares)
    logs = np.where(np.isneginf(logs), -1e300, logs)
    joint = prior[None, :] + np.einsum("ikl,kjl->ij", counts, logs)
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    likelihood = float((top[:, 0] + np.log(weights.sum(axis=1))).sum())
    return _held(weights / weights.sum(axis=1, keepdims=True), labels), likelihood


def _held(chances: Array, labels: Mapping[int, int]) -> Array:
    for item, label in labels.items():
        chances[item] = 0.0
        chances[item, label] = 1.0
    return chances
