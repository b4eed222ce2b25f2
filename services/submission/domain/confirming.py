"""Whether what a letter says is still so, at the moment before it is sent.

Source: domain.md section 5 ("checked at the moment of sending that it is still true").
"""

from collections.abc import Collection
from datetime import date, datetime

from services.submission.domain.closing import closing
from services.submission.domain.consequences import LAST_ATTEMPT
from services.submission.domain.events import (
    CaseEvent,
    FeedbackRequested,
    ReminderDue,
    RestartRequired,
    ResubmissionLapsed,
    ResubmissionOpened,
    StatementRequested,
    Withdrawn,
)
from services.submission.domain.states import (
    Case,
    Ended,
    Open,
    course_of,
    portfolio_of,
)


def is_still_true(
    fact: CaseEvent, state: Case, *, cohort_deadline: date, at: datetime
) -> bool:
    """Tell whether *fact*, which a letter was to tell, still describes the case.

    Who has withdrawn gets no more letters but the one that says so.
    """
    if isinstance(state, Ended) and isinstance(state.by, Withdrawn):
        return isinstance(fact, Withdrawn)
    match fact:
        case ResubmissionOpened():
            return _window(state) == fact.outcome_released_at
        case ReminderDue():
            return _is_due(fact, state, cohort_deadline, at)
        case ResubmissionLapsed() | RestartRequired():
            return _is_over(state) and not _is_told_elsewhere(fact, state)
        case FeedbackRequested() | StatementRequested():
            is_open = fact.request_id not in _answered(state) and at < fact.expires_at
            return isinstance(state, Open) and is_open
        case _:
            return True


def _is_over(state: Case) -> bool:
    return isinstance(state, Ended) and isinstance(state.by, RestartRequired)


def _is_told_elsewhere(fact: CaseEvent, state: Case) -> bool:
    """Tell whether the letter of a fresh review says the same."""
    if not isinstance(fact, RestartRequired) or fact.outcome_released_at is None:
        return False
    last = course_of(state).outcomes.get(LAST_ATTEMPT)
    return last is not None and last.is_revision


def _answered(state: Case) -> Collection[str]:
    portfolio = portfolio_of(state)
    return () if portfolio is None else portfolio.answers


def _window(state: Case) -> datetime | None:
    if not isinstance(state, Open) or state.resubmission is None:
        return None
    return state.resubmission.window.outcome_released_at


def _is_due(
    fact: ReminderDue, state: Case, cohort_deadline: date, at: datetime
) -> bool:
    """Tell whether the date is the one the reminder names, and still to come."""
    if not isinstance(state, Open):
        return False
    now = closing(state, cohort_deadline=cohort_deadline, at=at)
    same = (now.about, now.closes_on) == (fact.about, fact.closes_on)
    return same and not now.is_held and not now.has_passed(at)
