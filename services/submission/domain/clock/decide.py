"""The rule of the clock of a demonstration: it never goes back."""

from services.submission.domain.clock.commands import ClockCommand
from services.submission.domain.clock.events import ClockEvent, ClockOffsetSet
from services.submission.domain.clock.evolve import INITIAL, OffsetSeconds, evolve
from shared.decider import Decider
from shared.errors import RuleViolatedError

STREAM = "clock-demonstration"


class ClockGoesBackError(RuleViolatedError):
    """The clock only moves forwards: ask for a larger offset."""


def decide(command: ClockCommand, state: OffsetSeconds) -> tuple[ClockEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        ClockGoesBackError: the offset is smaller than the one in force.
    """
    if command.offset_seconds == state:
        return ()
    if command.offset_seconds < state:
        raise ClockGoesBackError(offset_seconds=state)
    return (
        ClockOffsetSet(offset_seconds=command.offset_seconds, occurred_at=command.at),
    )


clock = Decider(category="clock", decide=decide, evolve=evolve, initial=INITIAL)
