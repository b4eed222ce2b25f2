"""How facts add up to the state of a round."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from services.viva.domain.round.events import (
    RoundEvent,
    RoundOpened,
    Slot,
    SlotFreed,
    SlotTaken,
)


@dataclass(frozen=True, slots=True)
class Unopened:
    """There is no such round."""


@dataclass(frozen=True, slots=True)
class Open:
    """A round whose slots can be booked."""

    opened: RoundOpened
    taken: Mapping[str, str] = field(default_factory=dict)
    """Slot to case."""

    def slot(self, slot_id: str) -> Slot | None:
        """Return the slot called *slot_id*, or None."""
        slots = self.opened.slots
        return next((each for each in slots if each.slot_id == slot_id), None)


Round: TypeAlias = Unopened | Open

INITIAL: Round = Unopened()


def evolve(state: Round, event: RoundEvent) -> Round:
    """Return *state* as it is after *event*."""
    if isinstance(event, RoundOpened):
        return Open(event)
    if isinstance(state, Unopened):
        return state  # decide never lets this happen; a fold must not fail
    match event:
        case SlotTaken():
            return replace(state, taken={**state.taken, event.slot_id: event.case_id})
        case SlotFreed():
            left = {k: v for k, v in state.taken.items() if k != event.slot_id}
            return replace(state, taken=left)
        case _:
            assert_never(event)
