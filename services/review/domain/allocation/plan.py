"""Who would be given what, and what nobody can take: the answer to a preview."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.review.domain.allocation.world import Bonds, World

FULL = "Full"
"""Why an independent colleague takes no more: they may have no more of the cohort."""


@dataclass(frozen=True, slots=True)
class Given:
    """A review, and who gets it."""

    review_id: str
    reviewer_id: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one reviewer has of the cohort before and after."""

    reviewer_id: str
    has: int
    gets: int
    at_most: int


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A review that nobody can take, and why: how many reviewers by each reason."""

    review_id: str
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """An allocation of everything that is free in a cohort."""

    based_on: str
    """Digest of what it was computed from."""
    given: tuple[Given, ...]
    shares: tuple[Share, ...]
    left_over: tuple[LeftOver, ...]


def plan_of(world: World, bonds: Bonds, chosen: Sequence[int | None]) -> Plan:
    """Return the plan in which review number *i* goes to colleague ``chosen[i]``."""
    pairs = list(zip(world.reviews, chosen, strict=True))
    gets = Counter(number for number in chosen if number is not None)
    return Plan(
        based_on=world.digest(),
        given=tuple(
            Given(review.review_id, world.colleagues[number].reviewer_id)
            for review, number in pairs
            if number is not None
        ),
        shares=tuple(
            Share(each.reviewer_id, each.has, gets[number], each.at_most)
            for number, each in enumerate(world.colleagues)
        ),
        left_over=tuple(
            LeftOver(review.review_id, Counter(bond or FULL for bond in row))
            for (review, number), row in zip(pairs, bonds, strict=True)
            if number is None
        ),
    )
