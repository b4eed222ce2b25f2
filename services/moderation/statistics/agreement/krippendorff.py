"""Krippendorff's alpha: disagreement seen, over disagreement by chance.

alpha = 1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck, with coincidences o_ck = sum over
units u with m_u >= 2 marks of n_uck / (m_u - 1), their margins n_c, and n = sum n_c.
Metrics d: nominal 1 where c != k; interval (c - k)^2; ratio ((c - k) / (c + k))^2;
ordinal (sum of n_g for g from c to k - (n_c + n_k) / 2)^2, which depends on the data.
Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array

Metric: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
METRICS: tuple[Metric, ...] = get_args(Metric)

_FEWEST_UNITS = 2

_LEAST_CHANCE = 1e-100
"""Marks closer than 1e-50 of the scale are beyond what numbers this long tell apart."""


def coincidences_of(counts: Array) -> Array:
    """Return o_ck of *counts*, units x categories; units with one mark say nothing."""
    sizes = counts.sum(axis=1)
    usable, sizes = counts[sizes > 1], sizes[sizes > 1]
    pairs = np.einsum("uc,uk,u->ck", usable, usable, 1 / (sizes - 1))
    alone = np.einsum("uc,u->c", usable, 1 / (sizes - 1))
    return np.asarray(pairs - np.diag(alone))


def alphas(
    coincidences: Array,
    scale: Sequence[float],
    metric: Metric,
    *,
    corrects_small_samples: bool = True,
) -> Array:
    """Return alpha of each matrix of *coincidences*, (..., q, q); nan if undefined.

    It is undefined where one mark alone was given, however far the others lie from it.
    Without the correction for small samples n stands in the place of n - 1.
    """
    margins = coincidences.sum(axis=-1)
    distances = _distances(margins, scale, metric)
    number = margins.sum(axis=-1)
    seen = (coincidences * distances).sum(axis=(-2, -1))
    chance = np.einsum("...c,...k,...ck->...", margins, margins, distances)
    apart = np.einsum("...c,...k,ck->...", margins, margins, 1 - np.eye(len(scale)))
    squared = np.maximum(number, 1) ** 2
    is_defined = (apart > UNDEFINED * squared) & (chance > _LEAST_CHANCE * squared)
    safe = np.where(is_defined, chance, 1.0)
    others = number - corrects_small_samples
    return np.where(is_defined, 1 - others * seen / safe, np.nan)


def influences(
    counts: Array, repeats: Array, scale: Sequence[float], metric: Metric
) -> Array:
    """Return how alpha grows with the share of units of each kind; mean 0.

    *counts*, kinds x categories, holds kinds of units, *repeats* how many there are of
    each; alpha must be defined. Infinitesimal jackknife of alpha without the correction
    for small samples; for fixed metrics that is the linearisation of Gwet 2014, ch. 5,
    and it also follows the ordinal metric, which moves with the margins.
    """
    sizes = counts.sum(axis=1)
    is_paired = sizes > 1
    parts = np.zeros((len(counts), *[counts.shape[1]] * 2))
    parts[is_paired] = _parts(counts[is_paired])
    whole = np.einsum("u,uck->ck", repeats, parts)
    number = whole.sum()
    slopes = _slopes(whole / number, scale, metric)
    level = (whole * slopes).sum() / number
    moved = np.einsum("uck,ck->u", parts, slopes - level)
    return np.asarray(moved * (repeats * is_paired).sum() / number)


def alpha_error(counts: Array, scale: Sequence[float], metric: Metric) -> float | None:
    """Return the standard error of alpha over units; None for fewer than two.

    sqrt(sum of squared influences / (n (n - 1))). Source: as `influences`.
    """
    counts = counts[counts.sum(axis=1) > 1]
    units = len(counts)
    if units < _FEWEST_UNITS:
        return None
    moved = influences(counts, np.ones(units), scale, metric)
    spread = ((moved - moved.mean()) ** 2).sum()
    return float(np.sqrt(spread / (units * (units - 1))))


def _parts(counts: Array) -> Array:
    """Return the coincidences that each unit adds, (units, q, q)."""
    pairs = counts[:, :, None] * counts[:, None, :]
    alone = counts[:, :, None] * np.eye(counts.shape[1])
    sizes = counts.sum(axis=1)[:, None, None]
    return np.asarray((pairs - alone) / (sizes - 1))


def _slopes(shares: Array, scale: Sequence[float], metric: Metric) -> Array:
    """Return how alpha grows with the share of each coincidence, (q, q).

    With alpha = 1 - S / C, S = sum o d and C = sum m m d of shares o and their margins
    m: -(S' - S / C C') / C. The margin of a coincidence is that of its row: o is
    symmetric.
    """
    margins = shares.sum(axis=-1)
    independent = np.outer(margins, margins)
    distances = _distances(margins, scale, metric)
    seen, chance = (shares * distances).sum(), (independent * distances).sum()
    seen_slopes = distances + _stretched(shares, margins, metric)[:, None]
    chance_slopes = 2 * distances @ margins + _stretched(independent, margins, metric)
    return np.asarray((seen / chance * chance_slopes[:, None] - seen_slopes) / chance)


def _stretched(weights: Array, margins: Array, metric: Metric) -> Array:
    """Return how sum w d grows with each margin through d alone, for symmetric w.

    Of the ordinal metric with centres z_c = m_1 + ... + m_c / 2: sum over c of
    4 sum_k w_ck (z_c - z_k) dz_c / dm_a, which is 1 for c > a and 1/2 for c = a.
    """
    if metric != "ordinal":
        return np.zeros_like(margins)
    centres = _centres(margins)
    pulls = 4 * (weights * (centres[:, None] - centres[None, :])).sum(axis=1)
    return np.asarray(np.cumsum(pulls[::-1])[::-1] - pulls / 2)


def _centres(margins: Array) -> Array:
    """Return where each mark lies when the marks are ranked."""
    return np.asarray(np.cumsum(margins, axis=-1) - margins / 2)


def _scaled(apart: Array) -> Array:
    """Return squared distances, the largest 1: alpha has no unit."""
    return np.asarray((apart / apart.max()) ** 2)


def _distances(margins: Array, scale: Sequence[float], metric: Metric) -> Array:
    marks = np.asarray(scale, dtype=np.float64)
    apart = marks[:, None] - marks[None, :]
    match metric:
        case "nominal":
            return np.asarray(1.0 - np.eye(len(marks)))
        case "interval":
            return _scaled(apart)
        case "ratio":
            total = marks[:, None] + marks[None, :]
            return _scaled(apart / np.where(total == 0, 1.0, total))
        case "ordinal":
            centres = _centres(margins)
            return np.asarray((centres[..., :, None] - centres[..., None, :]) ** 2)
