"""How facts add up to what is known of a reviewer."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from services.review.domain.reviewer.events import (
    ConflictDeclared,
    ConflictKind,
    ReviewerEvent,
    ReviewerRegistered,
)


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """This person may not review."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A reviewer, and everything that decides their independence."""

    reviewer_id: str
    organisation_id: str
    conflicts: frozenset[tuple[ConflictKind, str]] = frozenset()


Reviewer: TypeAlias = NotRegistered | Registered

INITIAL: Reviewer = NotRegistered()


def evolve(state: Reviewer, event: ReviewerEvent) -> Reviewer:
    """Return *state* as it is after *event*."""
    match event:
        case ReviewerRegistered() if isinstance(state, Registered):
            return replace(state, organisation_id=event.organisation_id)
        case ReviewerRegistered():
            return Registered(event.reviewer_id, event.organisation_id)
        case ConflictDeclared() if isinstance(state, Registered):
            declared = (event.kind, event.with_id)
            return replace(state, conflicts=state.conflicts | {declared})
        case ConflictDeclared():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(event)
