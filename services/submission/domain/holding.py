"""Clocks that stand still: heard from the office, in whatever order.

A hold that was lifted before it was heard of, or that concerns no case here, is noted
all the same: nothing that was heard is lost.
"""

from typing import assert_never

from services.submission.domain.commands import HoldCommand, NoteHold, NoteHoldEnd
from services.submission.domain.events import HoldEndNoted, HoldNoted
from services.submission.domain.states import Case, course_of
from shared.carrying import carry


def holding(command: HoldCommand, state: Case) -> tuple[HoldNoted | HoldEndNoted, ...]:
    """Return what is noted; empty when it is noted already."""
    known = course_of(state).holds.get(command.hold_id)
    match command:
        case NoteHold():
            if known.placed_at is not None:
                return ()
            return (carry(command, HoldNoted, occurred_at=command.placed_at),)
        case NoteHoldEnd():
            if known.lifted_at is not None:
                return ()
            return (carry(command, HoldEndNoted, occurred_at=command.lifted_at),)
        case _:
            assert_never(command)
