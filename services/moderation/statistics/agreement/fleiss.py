"""Fleiss' kappa of a fixed number of raters, category by category and against chance.

With m raters for each of N units, p_j the share of marks in category j, q_j = 1 - p_j,
S = sum p_j q_j: SE of kappa under chance = sqrt(2) / (S sqrt(N m (m-1))) sqrt(S^2 -
sum p q (q - p)). Kappa of category j with r_ij raters of unit i for it:
1 - sum_i r_ij (m - r_ij) / (N m (m - 1) p_j q_j).
Source: Fleiss 1971; Fleiss, Nee and Landis 1979.
"""

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array


def chance_only_error(counts: Array) -> float | None:
    """Return the error of Fleiss' kappa under chance; None where it does not apply.

    *counts*, units x categories, must have the same number of marks in each unit.
    """
    sizes = counts.sum(axis=1)
    raters, units = sizes[0], len(counts)
    if raters <= 1 or not (sizes == raters).all():
        return None
    shares = counts.sum(axis=0) / counts.sum()
    spread = (shares * (1 - shares)).sum()
    if spread <= UNDEFINED:
        return None
    skew = (shares * (1 - shares) * (1 - 2 * shares)).sum()
    pairs = units * raters * (raters - 1)
    return float(np.sqrt(2 * (spread**2 - skew) / pairs) / spread)


def by_category(counts: Array) -> list[float | None]:
    """Return kappa of each category against all others; None for an unused one."""
    raters, units = counts[0].sum(), len(counts)
    shares = counts.sum(axis=0) / counts.sum()
    apart = (counts * (raters - counts)).sum(axis=0)
    room = units * raters * (raters - 1) * shares * (1 - shares)
    return [
        float(1 - split / most) if most > UNDEFINED else None
        for split, most in zip(apart, room, strict=True)
    ]
