"""What happens to an appeal without anybody asking: holds, and answers that are late.

Source: domain.md section 3: a clock can be stopped and restarted; each is a fact.
"""

from services.appeals.domain.clocks import Clock, running_clock
from services.appeals.domain.commands import (
    Discontinue,
    FallOverdue,
    RestartClock,
    StopClock,
)
from services.appeals.domain.events import (
    ClockRestarted,
    ClockStopped,
    Discontinued,
    FellOverdue,
)
from services.appeals.domain.evolve import Appeal, Asked, Ended, Explained, Pending
from services.appeals.domain.refusals import UnknownAppealError
from services.appeals.domain.working_days import Standing


def stop_clock(command: StopClock, state: Appeal) -> tuple[ClockStopped, ...]:
    """Return that the clock stands still; empty when none runs, or it had run out."""
    clock = _held_clock(command, state)
    if clock is None:
        return ()
    appeal_id, case_id = _ids(state)
    return (
        ClockStopped(
            appeal_id=appeal_id,
            case_id=case_id,
            hold_id=command.hold_id,
            occurred_at=command.at,
        ),
    )


def restart_clock(command: RestartClock, state: Appeal) -> tuple[ClockRestarted, ...]:
    """Return that the clock runs on, and until when; empty when it never stopped."""
    clock = _held_clock(command, state)
    if clock is None:
        return ()
    appeal_id, case_id = _ids(state)
    reading = clock.read(command.file, command.at)
    return (
        ClockRestarted(
            appeal_id=appeal_id,
            case_id=case_id,
            hold_id=command.hold_id,
            due_on=reading.last_day,
            is_stopped=isinstance(reading, Standing),
            occurred_at=command.at,
        ),
    )


def _held_clock(command: StopClock | RestartClock, state: Appeal) -> Clock | None:
    """Return the clock that a hold stops; None when it had run out before."""
    clock = None if isinstance(state, Ended) else running_clock(state)
    placed_at = command.file.holds.get(command.hold_id).placed_at
    if clock is None or placed_at is None:
        return clock
    return None if clock.read(command.file, placed_at).is_over(placed_at) else clock


def fall_overdue(command: FallOverdue, state: Appeal) -> tuple[FellOverdue, ...]:
    """Return that an answer is late; once for each last day that passed."""
    if not isinstance(state, Asked | Pending):
        return ()
    clock = running_clock(state)
    if clock is None:
        return ()
    reading = clock.read(command.file, command.at)
    if not reading.is_over(command.at) or state.overdue_on == reading.last_day:
        return ()
    appeal_id, case_id = _ids(state)
    return (
        FellOverdue(
            appeal_id=appeal_id,
            case_id=case_id,
            what="explanation" if isinstance(state, Asked) else "response",
            due_on=reading.last_day,
            occurred_at=command.at,
        ),
    )


def discontinue(command: Discontinue, state: Appeal) -> tuple[Discontinued, ...]:
    """Return that nothing more is decided; empty when nothing is open."""
    if not isinstance(state, Asked | Explained | Pending):
        return ()
    appeal_id, case_id = _ids(state)
    return (Discontinued(appeal_id=appeal_id, case_id=case_id, occurred_at=command.at),)


def _ids(state: Appeal) -> tuple[str, str]:
    match state:
        case Asked() | Explained():
            return state.request.appeal_id, state.request.case_id
        case Pending():
            return state.lodged.appeal_id, state.lodged.case_id
        case _:
            raise UnknownAppealError
