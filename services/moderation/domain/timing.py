"""When a drawn case is due: at the end of the month in which it was to be judged.

Invariant: the day depends on when judging began and on holds alone, never on a mark or
on how many have judged, so that whoever judges blind learns nothing from it. Source:
S2 4.4, review and moderation together run over one month.
"""

from services.moderation.domain.commands import FollowHolds, MarkOverdue
from services.moderation.domain.lateness import DueMoved, FellOverdue
from services.moderation.domain.situations import Case, Moderating
from shared.holds import Holds


def follow_holds(command: FollowHolds, state: Case) -> tuple[DueMoved, ...]:
    """Return the later last day; empty when it stays, or nothing is due."""
    if not isinstance(state, Moderating) or state.period is None:
        return ()
    due_at = state.period.held_until(command.holds)
    if due_at == state.due_at:
        return ()
    return (DueMoved(due_at=due_at, occurred_at=command.at),)


def mark_overdue(command: MarkOverdue, state: Case) -> tuple[FellOverdue, ...]:
    """Return that the case is late, once for each last day; empty when it is not.

    While the clocks stand still nothing falls overdue.
    """
    if not isinstance(state, Moderating) or state.due_at is None:
        return ()
    judged, due_at = state.judged, state.due_at
    is_due = command.at >= due_at and not command.holds.is_open
    if not is_due or state.overdue_since == due_at:
        return ()
    return (
        FellOverdue(
            case_id=judged.case_id,
            cohort_id=judged.cohort_id,
            attempt=judged.attempt,
            programme=judged.programme,
            lead_id=command.lead_id,
            due_at=due_at,
            occurred_at=command.at,
        ),
    )


def is_still_late(told: FellOverdue, state: Case, holds: Holds) -> bool:
    """Tell whether the case still waits, past that very day, with its clock running."""
    if not isinstance(state, Moderating) or holds.is_open:
        return False
    return state.due_at == told.due_at
