"""Agreement of two raters corrected for chance, with errors by linearisation.

Every coefficient is (p_a - p_e) / (1 - p_e) with p_a = sum w_kl p_kl, where p_kl is the
share of pairs with mark k from the first and l from the second rater, p_k+ and p_+l its
margins and pi_k = (p_k+ + p_+k) / 2. They differ in the agreement by chance, p_e:

- Cohen sum w_kl p_k+ p_+l (Cohen 1960, 1968);
- Scott sum w_kl pi_k pi_l (Scott 1955);
- Brennan-Prediger T / q^2 (Brennan and Prediger 1981), T the sum of all weights;
- Gwet AC1 and AC2 T / (q (q-1)) sum pi_k (1 - pi_k) (Gwet 2008, 2014).

Error: with e_kl the derivative of p_e and u_kl = w_kl - (1 - c) e_kl, the variance is
[sum p_kl u_kl^2 - (sum p_kl u_kl)^2] (1 - f) / (n (1 - p_e)^2): for Cohen that of
Fleiss, Cohen and Everitt 1969, for AC1 that of Gwet 2008. f = n/N is the share of a
finite cohort that was seen (`Joint.error_of`). Weights in [0, 1]; no units.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array

Coefficient: TypeAlias = Literal[
    "cohen_kappa", "scott_pi", "brennan_prediger", "gwet_ac"
]
COEFFICIENTS: tuple[Coefficient, ...] = get_args(Coefficient)


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins of tables of shares, (..., q) each: first rater, second, their mean."""

    first: Array
    second: Array
    mean: Array


def margins_of(shares: Array) -> Margins:
    """Return the margins of *shares*, (..., q, q)."""
    first, second = shares.sum(axis=-1), shares.sum(axis=-2)
    return Margins(first, second, (first + second) / 2)


def observed(shares: Array, weights: Array) -> Array:
    """Return p_a of each table."""
    return np.asarray((shares * weights).sum(axis=(-2, -1)))


def by_chance(coefficient: Coefficient, margins: Margins, weights: Array) -> Array:
    """Return p_e of each table."""
    categories = len(weights)
    match coefficient:
        case "cohen_kappa":
            return _quadratic_form(margins.first, weights, margins.second)
        case "scott_pi":
            return _quadratic_form(margins.mean, weights, margins.mean)
        case "brennan_prediger":
            share = weights.sum() / categories**2
            return np.full(margins.mean.shape[:-1], share)
        case "gwet_ac":
            spread = (margins.mean * (1 - margins.mean)).sum(axis=-1)
            return np.asarray(_gwet_factor(weights) * spread)


def values(coefficient: Coefficient, shares: Array, weights: Array) -> Array:
    """Return the coefficient of each table of *shares*; nan where it is undefined."""
    chance = by_chance(coefficient, margins_of(shares), weights)
    return corrected(observed(shares, weights), chance)


def corrected(agreed: Array, chance: Array) -> Array:
    """Return (p_a - p_e) / (1 - p_e), nan where all agreement is by chance."""
    room = 1 - chance
    is_defined = room > UNDEFINED
    return np.where(
        is_defined, (agreed - chance) / np.where(is_defined, room, 1.0), np.nan
    )


def contributions(coefficient: Coefficient, shares: Array, weights: Array) -> Array:
    """Return u_kl / (1 - p_e): what a pair in each cell adds to the coefficient.

    Of one table whose coefficient is defined.
    """
    margins = margins_of(shares)
    chance = by_chance(coefficient, margins, weights)
    value = corrected(observed(shares, weights), chance)
    slope = _chance_slope(coefficient, margins, weights)
    return np.asarray((weights - (1 - value) * slope) / (1 - chance))


def chance_only_error(shares: Array, weights: Array, pairs: float) -> float:
    """Return the error of Cohen's kappa if the raters agreed by chance alone.

    [sum p_k+ p_+l (w_kl - (a_k + b_l))^2 - p_e^2] / (n (1 - p_e)^2), with a_k = sum_l
    w_kl p_+l and b_l = sum_k w_kl p_k+. Source: Fleiss, Cohen and Everitt 1969.
    """
    margins = margins_of(shares)
    chance = float(by_chance("cohen_kappa", margins, weights))
    independent = np.outer(margins.first, margins.second)
    left = weights - _chance_slope("cohen_kappa", margins, weights)
    spread = (independent * left**2).sum() - chance**2
    return float(np.sqrt(max(0.0, spread) / pairs) / (1 - chance))


def _chance_slope(coefficient: Coefficient, margins: Margins, weights: Array) -> Array:
    """Return e_kl, how p_e grows with the share of cell kl."""
    match coefficient:
        case "cohen_kappa":
            rows, columns = weights @ margins.second, weights.T @ margins.first
            return np.asarray(rows[:, None] + columns[None, :])
        case "scott_pi":
            both = weights @ margins.mean
            return np.asarray(both[:, None] + both[None, :])
        case "brennan_prediger":
            return np.zeros_like(weights)
        case "gwet_ac":
            left = 1 - (margins.mean[:, None] + margins.mean[None, :]) / 2
            return np.asarray(2 * _gwet_factor(weights) * left)


def _gwet_factor(weights: Array) -> float:
    categories = len(weights)
    return float(weights.sum() / (categories * (categories - 1)))


def _quadratic_form(left: Array, weights: Array, right: Array) -> Array:
    return np.asarray(np.einsum("...k,kl,...l->...", left, weights, right))
