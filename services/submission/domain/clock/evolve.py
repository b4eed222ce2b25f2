"""How facts add up to the offset of the clock."""

from typing import TypeAlias

from services.submission.domain.clock.events import ClockEvent

OffsetSeconds: TypeAlias = int

INITIAL: OffsetSeconds = 0


def evolve(state: OffsetSeconds, event: ClockEvent) -> OffsetSeconds:  # noqa: ARG001
    """Return *state* as it is after *event*."""
    return event.offset_seconds
