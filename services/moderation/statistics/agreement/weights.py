"""How much of an agreement two different marks are, from 1 (equal) to 0."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from services.moderation.statistics.estimates import Array

Weighting: TypeAlias = Literal["unweighted", "linear", "quadratic", "ordinal"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)


def weight_matrix(scale: Sequence[float], weighting: Weighting) -> Array:
    """Return the q x q weights of the marks of *scale*, which is always the full one.

    With x the marks, k and l their places, R = x_max - x_min:
    linear 1 - |x_k - x_l| / R; quadratic 1 - (x_k - x_l)^2 / R^2; ordinal (Gwet)
    1 - C(|k-l|+1, 2) / C(q, 2); unweighted 1 on the diagonal. Source: Cohen 1968, Gwet
    2014 (Handbook, 4th ed.), ch. 3.
    """
    marks = np.asarray(scale, dtype=np.float64)
    apart = np.abs(marks[:, None] - marks[None, :])
    match weighting:
        case "unweighted":
            return np.eye(len(marks))
        case "linear":
            return np.asarray(1 - apart / apart.max())
        case "quadratic":
            return np.asarray(1 - (apart / apart.max()) ** 2)
        case "ordinal":
            places = np.arange(len(marks))
            steps = np.abs(places[:, None] - places[None, :])
            pairs_between = steps * (steps + 1) / 2
            return np.asarray(1 - pairs_between / pairs_between.max())
