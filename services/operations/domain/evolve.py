"""What is known of one lane or one import."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.operations.domain.events import DeskFact, Discarded, Imported, Released


@dataclass(frozen=True, slots=True)
class Desk:
    """The decisions made so far in one desk stream."""

    discarded: frozenset[str] = frozenset()
    """Event ids of messages given up."""
    imported_sha256: str | None = None


INITIAL = Desk()


def evolve(state: Desk, event: DeskFact) -> Desk:
    """Return *state* as it is after *event*."""
    match event:
        case Released():
            return state
        case Discarded():
            return replace(state, discarded=state.discarded | {event.message_id})
        case Imported():
            return replace(state, imported_sha256=event.content_sha256)
        case _:
            assert_never(event)
