"""How facts add up to the holds of a case."""

from typing import assert_never

from services.moderation.domain.stopping.events import (
    HoldEndNoted,
    HoldNoted,
    StoppingEvent,
)
from shared.holds import Holds

INITIAL = Holds()


def evolve(state: Holds, event: StoppingEvent) -> Holds:
    """Return the holds as they are known after *event*."""
    match event:
        case HoldNoted(hold_id=hold_id, placed_at=at):
            return state.placed(hold_id, at)
        case HoldEndNoted(hold_id=hold_id, lifted_at=at):
            return state.lifted(hold_id, at)
        case _:
            assert_never(event)
