"""What to look at beside a coefficient: prevalence, bias, and agreement on one mark."""

from math import nan

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array

PARADOX_GAP = 0.2
"""AC1 so far above kappa is explained beside both. Source: statistics.md 1.5, 4."""

_TWO = 2


def prevalence_index(shares: Array) -> float | None:
    """Return |p_11 - p_22| of two marks, None for more. Source: Byrt et al. 1993."""
    if len(shares) != _TWO:
        return None
    return abs(float(shares[0, 0] - shares[1, 1]))


def bias_index(shares: Array) -> float | None:
    """Return |p_12 - p_21| of two marks, None for more. Source: Byrt et al. 1993."""
    if len(shares) != _TWO:
        return None
    return abs(float(shares[0, 1] - shares[1, 0]))


def specific_agreements(shares: Array, place: int) -> Array:
    """Return 2 p_kk / (p_k+ + p_+k) of each table, nan where nobody gave the mark.

    Of all who gave mark k, how many had it confirmed. Source: Cicchetti and Feinstein
    1990.
    """
    margin = shares[..., place, :].sum(axis=-1) + shares[..., :, place].sum(axis=-1)
    is_given = margin > UNDEFINED
    both = 2 * shares[..., place, place]
    return np.where(is_given, both / np.where(is_given, margin, 1.0), nan)


def specific_contributions(shares: Array, place: int) -> Array:
    """Return what a pair in each cell adds to the specific agreement on one mark."""
    margin = shares[place, :].sum() + shares[:, place].sum()
    value = specific_agreements(shares, place)
    slope = np.zeros_like(shares)
    slope[place, :] -= value / margin
    slope[:, place] -= value / margin
    slope[place, place] += 2 / margin
    return slope
