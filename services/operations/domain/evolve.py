"""What is known of one lane, one import, or the holds of one case."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.operations.domain.events import (
    DeskFact,
    Discarded,
    HoldLifted,
    HoldPlaced,
    Imported,
    Released,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """The decisions made so far in one desk stream."""

    discarded: frozenset[str] = frozenset()
    """Event ids of messages given up."""
    imported_sha256: str | None = None
    holds: tuple[HoldPlaced, ...] = ()
    """Every hold of the case, oldest first."""
    lifted: tuple[HoldLifted, ...] = ()

    @property
    def in_force(self) -> HoldPlaced | None:
        """The hold that is not lifted yet."""
        return self.holds[-1] if len(self.holds) > len(self.lifted) else None


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
        case HoldPlaced():
            return replace(state, holds=(*state.holds, event))
        case HoldLifted():
            return replace(state, lifted=(*state.lifted, event))
        case _:
            assert_never(event)
