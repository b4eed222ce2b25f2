"""How facts add up to what is known of a reviewer."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from services.review.domain.reviewer.events import (
    ConflictDeclared,
    ConflictKind,
    EmployerChanged,
    MenteeNoted,
    PartNoted,
    PauseEndNoted,
    PauseNoted,
    ReviewerEvent,
    ReviewerRegistered,
)

Part: TypeAlias = tuple[str, int | None]
"""A case, and which portfolio of it somebody does not judge; None is any."""


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """This person may not review, or not yet."""

    organisation_id: str | None = None
    """For whom they work, once they have stated another employer."""
    mentees: frozenset[str] = frozenset()
    parts: frozenset[Part] = frozenset()
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A reviewer, and everything that decides their independence."""

    reviewer_id: str
    organisation_id: str
    conflicts: frozenset[tuple[ConflictKind, str]] = frozenset()
    mentees: frozenset[str] = frozenset()
    """Participants whom they support or supported."""
    parts: frozenset[Part] = frozenset()
    """Cases in which they have another part: which, and in which attempt."""
    is_paused: bool = False
    """Moderation looks at their work, so they judge nothing for now."""


Reviewer: TypeAlias = NotRegistered | Registered

INITIAL: Reviewer = NotRegistered()


def has_part(parts: frozenset[Part], case_id: str, attempt: int | None) -> bool:
    """Tell whether somebody has another part in this portfolio of a case."""
    return not parts.isdisjoint({(case_id, None), (case_id, attempt)})


def evolve(state: Reviewer, event: ReviewerEvent) -> Reviewer:
    """Return *state* as it is after *event*."""
    match event:
        case MenteeNoted(participant_id=participant_id):
            return replace(state, mentees=state.mentees | {participant_id})
        case PartNoted(case_id=case_id, attempt=attempt):
            return replace(state, parts=state.parts | {(case_id, attempt)})
        case ReviewerRegistered() if isinstance(state, NotRegistered):
            return Registered(
                event.reviewer_id,
                event.organisation_id,
                mentees=state.mentees,
                parts=state.parts,
                is_paused=state.is_paused,
            )
        case PauseNoted() | PauseEndNoted():
            return replace(state, is_paused=isinstance(event, PauseNoted))
        case ReviewerRegistered() | EmployerChanged() | ConflictDeclared():
            return _changed(state, event)
        case _:
            assert_never(event)


def _changed(
    state: Reviewer, event: ReviewerRegistered | EmployerChanged | ConflictDeclared
) -> Reviewer:
    if isinstance(event, ConflictDeclared):
        if isinstance(state, NotRegistered):
            return state  # decide never lets this happen; a fold must not fail
        declared = (event.kind, event.with_id)
        return replace(state, conflicts=state.conflicts | {declared})
    return replace(state, organisation_id=event.organisation_id)
