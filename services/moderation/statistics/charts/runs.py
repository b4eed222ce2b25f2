"""Average run lengths: how many points a chart takes until it signals.

Each chart is a Markov chain on its own values; with Q the chances to move between
values that do not signal, the run lengths solve (I - Q) L = 1. Source: Brook and Evans
1972. Shifts in standard deviations of a point.
"""

import numpy as np
from scipy.special import ndtr

from services.moderation.statistics.estimates import Array

_STATES = 301
"""States of a continuous chart: run lengths up to 500 are right to 0.1 with them."""


def cusum_run_length(shift: float, *, reference: float, limit: float) -> float:
    """Return the run length of a two-sided CUSUM of normal points, started at zero.

    S = max(0, S + z - k), signal at S > h; 1/L = 1/L(shift) + 1/L(-shift), exact for
    sums that start at zero (Kemp 1961). Montgomery, table 9.3.
    """
    up, down = (_one_sided(each, reference, limit) for each in (shift, -shift))
    return 1 / (1 / up + 1 / down)


def _one_sided(shift: float, reference: float, limit: float) -> float:
    width = 2 * limit / (2 * _STATES - 1)
    centres = width * np.arange(_STATES)
    upper = centres[None, :] + width / 2 - centres[:, None] + reference - shift
    moves = ndtr(upper) - ndtr(upper - width)
    moves[:, 0] = ndtr(upper[:, 0])
    return float(_lengths(moves)[0])


def ewma_run_length(shift: float, *, weight: float, limit: float) -> float:
    """Return the run length of a two-sided EWMA of normal points, started at zero.

    E = (1 - w) E + w z, signal at |E| > L sqrt(w / (2 - w)). Source: Lucas and Saccucci
    1990.
    """
    bound = limit * np.sqrt(weight / (2 - weight))
    width = 2 * bound / _STATES
    centres = -bound + width * (np.arange(_STATES) + 0.5)
    kept = (1 - weight) * centres[:, None]
    upper = (centres[None, :] + width / 2 - kept) / weight - shift
    moves = ndtr(upper) - ndtr(upper - width / weight)
    return float(_lengths(moves)[_STATES // 2])


def bernoulli_run_length(share: float, *, step: int, limit: int) -> float:
    """Return the run length of the integer CUSUM of errors, started at zero; exact.

    S = max(0, S + step - 1) after an error, max(0, S - 1) otherwise, signal at S >=
    limit. Source: Reynolds and Stoumbos 1999.
    """
    moves = np.zeros((limit, limit))
    for value in range(limit):
        moves[value, max(0, value - 1)] += 1 - share
        if value + step - 1 < limit:
            moves[value, value + step - 1] += share
    return float(_lengths(moves)[0])


def _lengths(moves: Array) -> Array:
    states = len(moves)
    found = np.linalg.solve(np.eye(states) - moves, np.ones(states))
    return np.asarray(found, dtype=np.float64)
