"""The rules of holds: each end is noted once, whichever is heard of first."""

from typing import assert_never

from services.moderation.domain.stopping.commands import StoppingCommand
from services.moderation.domain.stopping.events import (
    HoldEndNoted,
    HoldNoted,
    StoppingEvent,
)
from services.moderation.domain.stopping.evolve import INITIAL, evolve
from shared.carrying import carry
from shared.decider import Decider
from shared.holds import Holds, NoteHold, NoteHoldEnd


def decide(command: StoppingCommand, state: Holds) -> tuple[StoppingEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known."""
    if state.are_told(command):
        return ()
    match command:
        case NoteHold():
            return (carry(command, HoldNoted, occurred_at=command.at),)
        case NoteHoldEnd():
            return (carry(command, HoldEndNoted, occurred_at=command.at),)
        case _:
            assert_never(command)


stopping = Decider(category="moderation", decide=decide, evolve=evolve, initial=INITIAL)
"""Of the stream named after the case alone; rounds have streams of their own."""
