"""Simulated reviewers and moderators: portfolios of known quality, marked by both.

Each portfolio has an ability, each criterion a quality around it; reviewer and
moderator see that quality through noise of their own, and three cuts make levels of it.
A faulty reviewer is too strict or too lenient, guesses, or begins to drift half-way.
Invariant: the same generator state gives the same judgements on every machine.
Source: statistics.md section 5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import sqrt
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from shared.vocabulary import CRITERIA

Levels: TypeAlias = npt.NDArray[np.int8]
Kinds: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]
_Floats: TypeAlias = npt.NDArray[np.float32]

LEVELS = 4
KINDS = tuple(
    (levels, is_borderline)
    for levels in product(range(1, LEVELS + 1), repeat=len(CRITERIA))
    for is_borderline in (False, True)
)
"""Everything a judgement can say: a level for each criterion, and the note."""
ABILITY_MEAN = 0.8
COMMON_SHARE = 0.6
"""Share of a criterion's variance that all criteria of a portfolio have in common."""
CUTS = (-1.2, 0.0, 1.2)
"""Where level 2, 3 and 4 begin."""
REVIEWER_NOISE = 0.35
MODERATOR_NOISE = 0.20
BORDERLINE_WITHIN = 0.25
"""A reviewer notes CM as borderline when the weakest criterion is this near the cut.

Ours: the source has no model of that note.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """How a reviewer marks; severity is in units of the quality's deviation."""

    severity: float = 0.0
    """Added to what the reviewer sees: below nought is harsh."""
    step: float = 0.0
    """Added from the midpoint on."""
    ramp: float = 0.0
    """Added little by little after the midpoint, this much by the end."""
    guesses: float = 0.0
    """Share of levels that are given at random."""
    noise: float = REVIEWER_NOISE

    @property
    def drifts(self) -> bool:
        """Whether the reviewer marks well up to the midpoint."""
        return bool(self.step or self.ramp)

    def severities(self, portfolios: int) -> list[float]:
        """Return the severity at each portfolio, in order."""
        half = portfolios / 2
        return [
            self.severity
            + self.step * (number >= portfolios // 2)
            + self.ramp * max(0.0, (number - half) / half)
            for number in range(portfolios)
        ]


GOOD = Marking()
FAULTS: Mapping[str, Marking] = MappingProxyType(
    {
        "mild harsh": Marking(severity=-0.4),
        "harsh": Marking(severity=-0.8),
        "lenient": Marking(severity=0.8),
        "careless": Marking(guesses=0.30),
        "step drift": Marking(step=-1.0),
        "ramp": Marking(ramp=-1.6),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """What reviewers and moderators would say: a row per portfolio, a column each."""

    level_difference: Levels
    """Reviewer minus moderator, summed over the criteria."""
    absolute_difference: Levels
    """The same without signs."""
    is_wrong: Flags
    """The moderator would come to the other outcome."""
    kind: Kinds
    """What the reviewer's judgement says, as `kind_of` numbers it."""

    @property
    def portfolios(self) -> int:
        """How many each reviewer marks."""
        return len(self.is_wrong)

    @property
    def reviewers(self) -> int:
        """How many reviewers there are."""
        count: int = self.is_wrong.shape[1]
        return count


def marked(
    marking: Marking,
    random: np.random.Generator,
    *,
    portfolios: int,
    reviewers: int,
    met_levels: Iterable[int],
) -> Mapping[int, Judgements]:
    """Return the judgements of *reviewers* who all mark alike, by what counts as met.

    An outcome is CM when all three criteria reach that level; the levels that were
    given are the same.
    """
    shape = (portfolios, reviewers)
    signed, absolute = np.empty(shape, np.int8), np.empty(shape, np.int8)
    found = {
        met_level: Judgements(
            level_difference=signed,
            absolute_difference=absolute,
            is_wrong=np.empty(shape, np.bool_),
            kind=np.empty(shape, np.uint8),
        )
        for met_level in met_levels
    }
    for number, severity in enumerate(marking.severities(portfolios)):
        quality = _quality(random, reviewers)
        seen = quality + _noise(random, quality, marking.noise) + np.float32(severity)
        given = _guessed(random, _levels(seen), marking.guesses)
        true = _levels(quality + _noise(random, quality, MODERATOR_NOISE))
        difference = given - true
        signed[number] = difference.sum(axis=0, dtype=np.int8)
        absolute[number] = np.abs(difference).sum(axis=0, dtype=np.int8)
        lowest, weakest = given.min(axis=0), seen.min(axis=0)
        for met_level, judgements in found.items():
            is_met = lowest >= met_level
            barely = weakest < CUTS[met_level - 2] + BORDERLINE_WITHIN
            judgements.is_wrong[number] = is_met != (true.min(axis=0) >= met_level)
            judgements.kind[number] = kind_of(given, is_met & barely)
    return found


def graded(
    random: np.random.Generator, count: int, people: Iterable[Marking]
) -> list[Levels]:
    """Return the levels that each of *people* gives the same *count* portfolios."""
    quality = _quality(random, count)
    return [
        _levels(quality + _noise(random, quality, who.noise) + np.float32(who.severity))
        for who in people
    ]


def kind_of(levels: Levels, is_borderline: Flags) -> Kinds:
    """Return the number of what a judgement says: its place in `KINDS`."""
    number = np.zeros(is_borderline.shape, np.uint8)
    for level in levels:
        number = number * np.uint8(LEVELS) + (level - 1).astype(np.uint8)
    return number * np.uint8(2) + is_borderline


def _quality(random: np.random.Generator, reviewers: int) -> _Floats:
    """Return the quality of one portfolio of each reviewer, by criterion."""
    ability = random.standard_normal(reviewers, np.float32) + np.float32(ABILITY_MEAN)
    own = random.standard_normal((len(CRITERIA), reviewers), np.float32)
    common = np.float32(sqrt(COMMON_SHARE)) * ability
    quality: _Floats = common + np.float32(sqrt(1 - COMMON_SHARE)) * own
    return quality


def _noise(random: np.random.Generator, like: _Floats, deviation: float) -> _Floats:
    noise: _Floats = random.standard_normal(like.shape, np.float32)
    noise *= np.float32(deviation)
    return noise


def _levels(seen: _Floats) -> Levels:
    levels = np.ones(seen.shape, np.int8)
    for cut in CUTS:
        levels += seen > np.float32(cut)
    return levels


def _guessed(random: np.random.Generator, given: Levels, share: float) -> Levels:
    if not share:
        return given
    is_guess = random.random(given.shape, np.float32) < np.float32(share)
    guesses = random.integers(1, LEVELS + 1, given.shape, np.int8)
    return np.where(is_guess, guesses, given)
