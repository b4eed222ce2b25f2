"""Agreement of any number of raters, also where some did not judge every unit.

With r_ik raters of unit i for category k, r_i their number, rbar = W r_i.:
p_a = mean over units with r_i >= 2 of sum_k r_ik (rbar_ik - 1) / (r_i (r_i - 1));
pi_k = mean over all units of r_ik / r_i. p_e: Fleiss sum w_kl pi_k pi_l; Gwet
T / (q (q-1)) sum pi_k (1 - pi_k); Brennan-Prediger T / q^2; Conger sum w_kl (m_k m_l -
s_kl / r) with m and s mean and covariance of the raters' own shares p_gk.
Error: sqrt((1 - f) / (n (n - 1)) sum (c_i - c)^2) of linearised units c_i.
Source: Gwet 2014 (Handbook, 4th ed.), ch. 2, 3 and 5; Conger 1980.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array

RatersCoefficient: TypeAlias = Literal[
    "fleiss_kappa", "conger_kappa", "brennan_prediger", "gwet_ac"
]
RATERS_COEFFICIENTS: tuple[RatersCoefficient, ...] = get_args(RatersCoefficient)


class Ratings:
    """Marks of units by raters as indicators, (units, raters, categories).

    Units that nobody judged are left out.
    """

    def __init__(self, indicators: Array) -> None:
        self.indicators = indicators[indicators.sum(axis=(1, 2)) > 0]
        self.counts: Array = self.indicators.sum(axis=1)
        self.sizes: Array = self.counts.sum(axis=1)

    @property
    def units(self) -> int:
        """How many units have a mark."""
        return len(self.sizes)

    @property
    def paired(self) -> int:
        """How many units have two marks or more."""
        return int((self.sizes > 1).sum())


def observed_by_unit(ratings: Ratings, weights: Array) -> Array:
    """Return the agreement within each unit, 0 for a unit with one mark."""
    alike = (ratings.counts * (ratings.counts @ weights - 1)).sum(axis=1)
    pairs = ratings.sizes * (ratings.sizes - 1)
    return np.asarray(alike / np.where(pairs > 0, pairs, 1.0))


def value_and_error(
    coefficient: RatersCoefficient,
    ratings: Ratings,
    weights: Array,
    *,
    seen_share: float = 0.0,
) -> tuple[float, float | None] | None:
    """Return the coefficient with its error; None where all agreement is by chance.

    The error is None for a single unit. There must be a unit with two marks.
    """
    within = observed_by_unit(ratings, weights)
    agreed = within.sum() / ratings.paired
    chance, slopes = _chance(coefficient, ratings, weights)
    if 1 - chance <= UNDEFINED:
        return None
    value = float((agreed - chance) / (1 - chance))
    if ratings.units <= 1:
        return value, None
    has_pair = ratings.sizes > 1
    share = ratings.units / ratings.paired
    units = share * (within - chance * has_pair) - (1 - value) * slopes
    spread = ((units / (1 - chance) - value) ** 2).sum()
    number = ratings.units
    return value, float(np.sqrt((1 - seen_share) * spread / (number * (number - 1))))


def percent_and_error(
    ratings: Ratings, weights: Array, *, seen_share: float = 0.0
) -> tuple[float, float | None]:
    """Return p_a with its error over the units that two raters or more judged."""
    within = observed_by_unit(ratings, weights)[ratings.sizes > 1]
    error = None
    if len(within) > 1:
        spread = float(within.var(ddof=1))
        error = float(np.sqrt((1 - seen_share) * spread / len(within)))
    return float(within.mean()), error


def _chance(
    coefficient: RatersCoefficient, ratings: Ratings, weights: Array
) -> tuple[float, Array]:
    """Return p_e, and how each unit moves it (mean 0)."""
    categories = len(weights)
    shares = ratings.counts / ratings.sizes[:, None]
    mean = shares.mean(axis=0)
    match coefficient:
        case "fleiss_kappa":
            chance = float(mean @ weights @ mean)
            return chance, 2 * (shares @ (weights @ mean) - chance)
        case "gwet_ac":
            factor = weights.sum() / (categories * (categories - 1))
            chance = float(factor * (mean * (1 - mean)).sum())
            return chance, 2 * (factor * (shares @ (1 - mean)) - chance)
        case "brennan_prediger":
            return float(weights.sum() / categories**2), np.zeros(ratings.units)
        case "conger_kappa":
            return _conger_chance(ratings, weights)


def _conger_chance(ratings: Ratings, weights: Array) -> tuple[float, Array]:
    """Return the mean over pairs of different raters of sum w_kl p_gk p_hl."""
    seen = ratings.indicators.sum(axis=2)
    judged = seen.sum(axis=0)
    active = judged > 0
    indicators, seen = ratings.indicators[:, active], seen[:, active]
    share_seen = judged[active] / ratings.units
    own = indicators.sum(axis=0) / judged[active][:, None]
    raters = len(own)
    others = own.sum(axis=0) - own
    chance = float(((own @ weights) * others).sum() / (raters * (raters - 1)))
    moved = indicators - seen[:, :, None] * own
    pull = np.einsum("ugk,kl,gl->ug", moved, weights, others) / share_seen
    return chance, 2 * pull.sum(axis=1) / (raters * (raters - 1))
