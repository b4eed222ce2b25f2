"""What a statistic says: a value with its error and interval, or why there is none."""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

LEVEL = 0.95
"""Level of every interval."""

DRAWS = 20_000
"""Posterior draws behind an interval. Source: statistics.md 1.6."""

DRAWN_DECIMALS = 3
"""Decimals that so many draws support. Source: statistics.md 1.6."""

UNDEFINED = 1e-12
"""A denominator below this is zero but for rounding."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds at `LEVEL`, and the method they come from."""

    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value, or None with the reason; the same for its error and its interval."""

    value: float | None
    standard_error: float | None = None
    interval: Interval | None = None
    reason: str | None = None
    """Why something of this is missing; None when nothing is."""


def not_estimable(reason: str) -> Estimate:
    """Return an estimate that has no value, because of *reason*."""
    return Estimate(value=None, reason=reason)


def generator_of(seed_text: str) -> np.random.Generator:
    """Return a stream of draws that *seed_text* alone decides.

    Philox under the first 128 bits of the text's SHA-256. Source: statistics.md 1.6.
    """
    key = int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.Philox(key=key))
