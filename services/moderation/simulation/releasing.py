"""How often a cohort with too many wrong decisions would be released all the same.

The claim is about the worst case that is still intolerable: exactly the tolerated rate,
looked at after every decision. Source: statistics.md 2.8 and section 5, claim 4.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from services.moderation.domain.release_risk import (
    intolerable_number,
    may_release,
    needed_without_errors,
)
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.populations import SEED

ALPHA_PPM = 50_000
"""Source: statistics.md 2.8."""
CASES = tuple(
    (population, tolerated_ppm)
    for population in (50, 100, 200, 500)
    for tolerated_ppm in (100_000, 50_000)
)
"""Cohorts and tolerated rates to try. Source: the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What came of many cohorts at the tolerated rate."""

    population: int
    tolerated_ppm: int
    alpha_ppm: int
    share: float
    """Cohorts that were released at any look."""
    needed: int
    """How many decisions without an error allow a release."""
    repetitions: int

    @property
    def alpha(self) -> float:
        """Most cohorts that may be released."""
        return self.alpha_ppm / PARTS_PER_MILLION

    @property
    def allowed(self) -> float:
        """The same and two standard errors of so many repetitions."""
        error = sqrt(self.alpha * (1 - self.alpha) / self.repetitions)
        return self.alpha + 2 * error


def released(
    population: int,
    tolerated_ppm: int,
    *,
    alpha_ppm: int = ALPHA_PPM,
    repetitions: int,
    seed: int = SEED,
) -> Released:
    """Return how often a cohort with just too many wrong decisions is released."""
    wrong = intolerable_number(population, tolerated_ppm)
    sequence = np.random.SeedSequence((seed, population, tolerated_ppm))
    random = np.random.Generator(np.random.Philox(sequence))
    correct = np.ones(population, np.bool_)
    correct[:wrong] = False
    count = 0
    for _ in range(repetitions):
        order = random.permutation(correct)
        # All looks at once: after the last error nothing can be said for a release.
        last = int(np.flatnonzero(~order)[-1])
        count += may_release(
            order[:last].tolist(),
            population=population,
            tolerated_ppm=tolerated_ppm,
            alpha_ppm=alpha_ppm,
        )
    return Released(
        population=population,
        tolerated_ppm=tolerated_ppm,
        alpha_ppm=alpha_ppm,
        share=count / repetitions,
        needed=needed_without_errors(
            population, tolerated_ppm=tolerated_ppm, alpha_ppm=alpha_ppm
        ),
        repetitions=repetitions,
    )
