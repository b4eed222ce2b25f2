"""What time alone leads to: reminders, a missed window, a review that opens later.

Asked as often as anybody likes: what is not due leads to nothing, what was done is not
done again.
"""

from datetime import timedelta
from typing import assert_never

from services.submission.domain.closing import Closing, closing
from services.submission.domain.commands import DelayReview, Lapse, Remind, TimeCommand
from services.submission.domain.consequences import restart_after_lapse
from services.submission.domain.events import (
    ReminderDue,
    RestartRequired,
    ResubmissionLapsed,
    ReviewDelayed,
)
from services.submission.domain.states import Case, HandedIn, Open
from shared.london import end_of

LAPSE_AFTER = timedelta(hours=1)
"""A portfolio received in the last minute may still be on its way in (P)."""


def timing(
    command: TimeCommand, state: Case
) -> tuple[ReminderDue | ResubmissionLapsed | RestartRequired | ReviewDelayed, ...]:
    """Return what is due now; empty when nothing is."""
    match command:
        case Remind():
            return _remind(command, state)
        case Lapse():
            return _lapse(command, state)
        case DelayReview():
            return _delay(command, state)
        case _:
            assert_never(command)


def due_mark(
    now: Closing, days_left: int, marks_days: tuple[int, ...], reminded: int | None
) -> int | None:
    """Return the reminder that is due with so many days left, or None.

    At or before a mark, never "exactly on" it, so none is missed; of several that are
    due at once only the last is worth a letter. Source: domain.md section 3 (P).
    """
    due = [mark for mark in marks_days if days_left <= mark]
    if now.is_held or days_left < 0 or not due:
        return None
    mark = min(due)
    return mark if reminded is None or mark < reminded else None


def _remind(command: Remind, state: Case) -> tuple[ReminderDue, ...]:
    if not isinstance(state, Open):
        return ()
    now = closing(state, cohort_deadline=command.cohort_deadline, at=command.at)
    days_left = now.days_left(command.at)
    reminded = state.course.reminded.get((now.about, now.closes_on))
    mark = due_mark(now, days_left, command.marks_days, reminded)
    if mark is None:
        return ()
    return (
        ReminderDue(
            case_id=state.enrolment.case_id,
            participant_id=state.enrolment.person_id,
            about=now.about,
            closes_on=now.closes_on,
            days_left=days_left,
            mark_days=mark,
            occurred_at=command.at,
        ),
    )


def _lapse(
    command: Lapse, state: Case
) -> tuple[ResubmissionLapsed | RestartRequired, ...]:
    """Return that a window was missed, and what it leads to. Source: S2 6.2.3."""
    if not isinstance(state, Open) or state.resubmission is None:
        return ()
    now = closing(state, cohort_deadline=command.cohort_deadline, at=command.at)
    if not now.has_passed(command.at - LAPSE_AFTER):
        return ()
    lapsed = ResubmissionLapsed(
        case_id=state.enrolment.case_id,
        closed_on=now.closes_on,
        occurred_at=command.at,
    )
    return (lapsed, restart_after_lapse(state, command.at))


def _delay(command: DelayReview, state: Case) -> tuple[ReviewDelayed, ...]:
    """Return when review opens for what was handed in before. Source: S2 4.4."""
    if not isinstance(state, HandedIn) or state.submission.attempt != 1:
        return ()
    submission = state.submission
    told = state.portfolio.course.review_opens_at
    known = told.get(submission.attempt, submission.review_opens_at)
    opens_at = end_of(command.cohort_deadline)
    if opens_at <= known:
        return ()
    return (
        ReviewDelayed(
            case_id=submission.case_id,
            attempt=submission.attempt,
            review_opens_at=opens_at,
            occurred_at=command.at,
        ),
    )
