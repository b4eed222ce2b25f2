"""Reviewers with a fault, and without one: the level each gives a portfolio. Pure.

A portfolio has a quality on each criterion; whoever marks it sees that quality through
a noise of their own, and three cuts make levels of it. All of it follows from numbers,
so the same people mark alike whenever it is played; only the draw differs, because
nobody may know it beforehand. What is found is up to moderation: nothing here knows of
draws, charts or alarms. Source of the model: `services.moderation.simulation.marking`.
"""

import hashlib
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal, TypeAlias

from shared.vocabulary import CriterionKey

Fault: TypeAlias = Literal["harsh", "careless", "drifting"]

SEED = 153
"""Of all qualities, noises and faults. With it the three are found whatever is drawn;
a test plays it with many keys."""
LEVELS = 4
COMMON_SHARE = 0.6
"""Share of a criterion's variance that all criteria of a portfolio have in common."""
ABILITY_MEAN = 1.6
"""Better than in the simulation: most of these portfolios deserve the award."""
CUTS = (-1.2, 0.0, 1.2)
"""Where level 2, 3 and 4 begin."""
REVIEWER_NOISE, MODERATOR_NOISE = 0.35, 0.20
HARSH_SHARE = 0.75
"""Of the levels that a harsh reviewer gives, how many are one lower."""
GUESSED_SHARE = 0.30
"""Of the levels that a careless reviewer gives, how many are given at random."""
DRIFTS_AFTER = 10
"""So many portfolios are judged well before a reviewer begins to be harsh."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A reviewer of the large cohort."""

    person_id: str
    fault: Fault | None
    share: int
    """So many portfolios are theirs at first."""

    def level(self, number: int, criterion: CriterionKey, *, place: int) -> int:
        """Return the level they give participant *number*, their *place*-th, from 1."""
        seen = (self.person_id, number, criterion)
        fair = _level(_quality(number, criterion) + REVIEWER_NOISE * _normal(*seen))
        is_harsh = self.fault == "harsh" or (
            self.fault == "drifting" and place > DRIFTS_AFTER
        )
        if is_harsh and _uniform("strict", *seen) < HARSH_SHARE:
            return max(1, fair - 1)
        if self.fault == "careless" and _uniform("guess", *seen) < GUESSED_SHARE:
            return 1 + int(LEVELS * _uniform("guessed", *seen))
        return fair


JUDGES = (
    Judge("rev-quill", "harsh", 10),
    Judge("rev-ruth", "careless", 16),
    Judge("rev-sami", "drifting", 22),
    Judge("rev-tove", None, 11),
    Judge("rev-ursa", None, 11),
)
"""Three with a fault, and two who mark well."""


def blind_level(moderator_id: str, number: int, criterion: CriterionKey) -> int:
    """Return the level that a moderator gives: near the truth, seldom beside it."""
    noise = MODERATOR_NOISE * _normal(moderator_id, number, criterion)
    return _level(_quality(number, criterion) + noise)


def _quality(number: int, criterion: CriterionKey) -> float:
    ability = ABILITY_MEAN + _normal("ability", number)
    own = _normal("quality", number, criterion)
    return sqrt(COMMON_SHARE) * ability + sqrt(1 - COMMON_SHARE) * own


def _level(seen: float) -> int:
    return 1 + sum(seen > cut for cut in CUTS)


def _normal(*of: object) -> float:
    return NormalDist().inv_cdf(_uniform(*of))


def _uniform(*of: object) -> float:
    """Return a number between 0 and 1 that follows from what it is *of*."""
    text = ":".join(map(str, (SEED, *of)))
    digest = hashlib.sha256(text.encode()).digest()
    return (int.from_bytes(digest[:6]) + 0.5) / 2**48
