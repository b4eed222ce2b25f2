"""Reviewers to try a plan on, by how they mark; the same seed gives the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from services.moderation.simulation.chances import chances
from services.moderation.simulation.following import Simulated
from services.moderation.simulation.marking import Marking, marked
from shared.vocabulary import MET_LEVEL

SEED = 20261121
"""Source: statistics.md section 5."""
RESEARCH_MET_LEVEL = 2
"""The rule of the research: CM when all three criteria reach 2."""
PRODUCT_MET_LEVEL = MET_LEVEL
GOOD_PER_FAULTY = 5
"""More reviewers who mark well, because few of them are flagged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many reviewers are simulated, and how many portfolios each marks."""

    portfolios: int = 100
    faulty: int = 4_000
    """Of each fault. Source: statistics.md section 5."""
    lag: int = 0
    """How many more judgements are completed before one is moderated."""

    @property
    def good(self) -> int:
        """Reviewers who mark well; as many others set the alarms."""
        return GOOD_PER_FAULTY * self.faulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where reviewers come from."""

    portfolios: int
    met_levels: tuple[int, ...]
    seed: int = SEED
    with_seeds: bool = True
    """Whether they also mark cases with definitive marks."""

    def reviewers(
        self, marking: Marking, count: int, purpose: str
    ) -> Mapping[int, Simulated]:
        """Return *count* reviewers who mark so, by what counts as met.

        Another *purpose* gets others.
        """
        judgements = partial(
            marked,
            marking,
            portfolios=self.portfolios,
            reviewers=count,
            met_levels=self.met_levels,
        )
        generator = partial(self._generator, f"{purpose}, {marking}")
        cases = judgements(generator("cases"))
        seeds = judgements(generator("seeds")) if self.with_seeds else {}
        luck = chances(generator("luck"), portfolios=self.portfolios, reviewers=count)
        return {
            met_level: Simulated(
                judgements=cases[met_level], seeds=seeds.get(met_level), chances=luck
            )
            for met_level in self.met_levels
        }

    def _generator(self, purpose: str, part: str) -> np.random.Generator:
        name = f"{purpose}, {part}".encode()
        sequence = np.random.SeedSequence((self.seed, *name))
        return np.random.Generator(np.random.Philox(sequence))
