"""What the allocation of a cohort is computed from, and a digest of all of it.

Invariant: the same world always has the same digest and leads to the same plan, so a
preview can be told from what would be done now.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from services.review.domain.assessment.evolve import Assessment
from services.review.domain.events import SecondAttemptBy
from services.review.domain.independence import bond_of
from services.review.domain.reviewer.evolve import Part, Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview:
    """A review that nobody has: neither kept for somebody nor held."""

    review_id: str
    case_id: str
    attempt: int
    participant_id: str
    participant_organisation_id: str
    stated_organisation_id: str | None = None
    """For whom the participant works since; None when they have stated nobody."""
    mentor_id: str | None
    excluded: tuple[str, ...]
    only_by: str | None = None
    """Who alone may claim it; None when anybody may."""
    second_attempt_by: SecondAttemptBy
    submitted_at: str
    """ISO 8601, in UTC: the oldest is given away first."""
    judged: Mapping[str, tuple[str, ...]]
    """Who has judged the other reviews of the case, by review id."""
    begun_by: str | None
    """Who let a claim of it lapse: what they wrote is kept."""

    @property
    def although_paused(self) -> bool:
        """Whoever is paused is given nothing here."""
        return False

    @property
    def assessment(self) -> Assessment:
        """What is known of the case: its other reviews, and its participant."""
        return Assessment(
            judges={each: frozenset(by) for each, by in self.judged.items()},
            stated_organisation_id=self.stated_organisation_id,
        )

    def is_known_to(self, reviewer_id: str) -> bool:
        """Tell whether this reviewer has read the portfolio, or an earlier one."""
        judged = any(reviewer_id in judges for judges in self.judged.values())
        return judged or reviewer_id == self.begun_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A reviewer, what they have of the cohort, and how much they may have."""

    reviewer_id: str
    organisation_id: str
    conflicts: tuple[str, ...]
    """``kind:id`` of everything declared."""
    mentees: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """Cases they judge nothing of, and ``case.attempt`` where it is one attempt."""
    has: int
    """Reviews of the cohort given to them, held or completed by them."""
    at_most: int
    """So many reviews of the cohort they may have in all."""

    @property
    def free(self) -> int:
        """How many more they may be given."""
        return max(0, self.at_most - self.has)

    def registered(self) -> Registered:
        """Return what decides their independence."""
        declared = (each.partition(":") for each in self.conflicts)
        return Registered(
            self.reviewer_id,
            self.organisation_id,
            conflicts=frozenset((kind, name) for kind, _, name in declared),  # type: ignore[misc]
            mentees=frozenset(self.mentees),
            parts=frozenset(_part(each) for each in self.parts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that an allocation is computed from, each part ordered by id."""

    cohort_id: str
    reviews: tuple[OpenReview, ...]
    colleagues: tuple[Colleague, ...]

    def digest(self) -> str:
        """Return the SHA-256 of all of it, as 64 hexadecimal digits."""
        words = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(words.encode()).hexdigest()


def _part(name: str) -> Part:
    case_id, _, attempt = name.partition(".")
    return case_id, int(attempt) if attempt else None


Bonds = tuple[tuple[str | None, ...], ...]
"""Why each colleague may not judge each review, by row; None where they may."""


def bonds_in(world: World) -> Bonds:
    """Return for every review and colleague the name of the bond between the two."""
    judges = [each.registered() for each in world.colleagues]
    return tuple(
        tuple(_bond(review, judge, known) for judge in judges)
        for review in world.reviews
        for known in [review.assessment]
    )


def _bond(review: OpenReview, judge: Registered, known: Assessment) -> str | None:
    if review.only_by not in {None, judge.reviewer_id}:
        return "WantedOfAnother"
    error = bond_of(review, judge, known)
    return None if error is None else error.__name__.removesuffix("Error")
