"""What follows from all that is known of a judged case.

Derived, never remembered: every order in which the others are heard leads to the same
state. Source: domain.md section 3; architecture.md, "Messaging".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from services.submission.domain.closing import extra_days
from services.submission.domain.events import (
    Enrolled,
    FollowUpEvent,
    OutcomeNoted,
    RestartReason,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    ResubmissionOpened,
)
from services.submission.domain.states import (
    Applied,
    Case,
    Ended,
    HandedIn,
    NotEnrolled,
    Open,
    course_of,
    portfolio_of,
)
from services.submission.domain.submitting import enrolled
from shared.london import london_day

LAST_ATTEMPT = 2
"""One free resubmission, no more. Source: S2 6.2.1."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A second attempt is open because of this decision."""

    outcome: OutcomeNoted


@dataclass(frozen=True, slots=True)
class _Restart:
    """Only a restart can bring the award."""

    reason: RestartReason
    outcome: OutcomeNoted | None


_Wanted: TypeAlias = _Window | _Restart | None
"""What should be so; None: the case goes on elsewhere."""


def consequences(
    state: Case, weeks: int | None, at: datetime
) -> tuple[FollowUpEvent, ...]:
    """Return the facts that bring *state* to where it should be."""
    if isinstance(state, NotEnrolled | Applied):
        return ()
    if isinstance(state, Ended) and not isinstance(state.by, RestartRequired):
        return ()
    wanted = _wanted(state)
    match wanted:
        case _Window():
            return _open(state, wanted, weeks, at)
        case _Restart():
            return _require(state, wanted, at)
        case None:
            return _let_go(state, at)
        case _:
            assert_never(wanted)


def restart_after_lapse(state: Open, at: datetime) -> RestartRequired:
    """Return the restart that follows a missed window. Source: S2 6.2.3."""
    wanted = _Restart(reason="resubmission_late", outcome=None)
    return _restart(state.enrolment, wanted, at)


def _wanted(state: Case) -> _Wanted:
    """Return what should follow from all that is known by now."""
    course = course_of(state)
    if any(each.last for each in course.not_passed.values()):
        return _Restart(reason="viva_not_passed", outcome=None)
    if any(each.outcome == "CM" for each in course.outcomes.values()):
        return None
    last = course.outcomes.get(LAST_ATTEMPT)
    if last is not None:
        return _Restart(reason="criteria_not_met_again", outcome=last)
    if isinstance(state, Ended) and isinstance(state.by, RestartRequired):
        return _Restart(reason=state.by.reason, outcome=None)  # the window was missed
    first = course.outcomes.get(1)
    is_second = isinstance(state, HandedIn) and state.submission.attempt != 1
    return None if first is None or is_second else _Window(outcome=first)


def _open(
    state: Case, wanted: _Window, weeks: int | None, at: datetime
) -> tuple[FollowUpEvent, ...]:
    open_now = state.resubmission if isinstance(state, Open) else None
    can_open = isinstance(state, HandedIn) or open_now is not None
    if weeks is None or not can_open:
        return ()
    released_at = wanted.outcome.released_at
    if open_now is not None and open_now.window.outcome_released_at == released_at:
        return ()
    return (_window(state, wanted.outcome, weeks, at),)


def _window(
    state: Case, outcome: OutcomeNoted, weeks: int, at: datetime
) -> ResubmissionOpened:
    """Return the window: so many weeks from the day of the release. S2 6.2.1, P."""
    enrolment = enrolled(state).enrolment
    opened_on = london_day(outcome.released_at)
    runs_until = opened_on + timedelta(weeks=weeks)
    extra = extra_days(course_of(state), "resubmission", runs_until)
    return ResubmissionOpened(
        case_id=enrolment.case_id,
        participant_id=enrolment.person_id,
        cohort_id=enrolment.cohort_id,
        programme=enrolment.programme,
        programme_version=enrolment.programme_version,
        policy_version=enrolment.policy_version,
        opened_on=opened_on,
        runs_until=runs_until,
        closes_on=runs_until + timedelta(days=extra),
        outcome_released_at=outcome.released_at,
        feedback=outcome.feedback,
        occurred_at=at,
    )


def _require(state: Case, wanted: _Restart, at: datetime) -> tuple[FollowUpEvent, ...]:
    required = _restart(enrolled(state).enrolment, wanted, at)
    known = state.by if isinstance(state, Ended) else None
    if isinstance(known, RestartRequired) and _why(known) == _why(required):
        return ()
    return (required,)


def _restart(enrolment: Enrolled, wanted: _Restart, at: datetime) -> RestartRequired:
    outcome = wanted.outcome
    return RestartRequired(
        case_id=enrolment.case_id,
        participant_id=enrolment.person_id,
        programme=enrolment.programme,
        programme_version=enrolment.programme_version,
        policy_version=enrolment.policy_version,
        reason=wanted.reason,
        outcome_released_at=outcome.released_at if outcome else None,
        feedback=outcome.feedback if outcome else None,
        occurred_at=at,
    )


def _let_go(state: Case, at: datetime) -> tuple[FollowUpEvent, ...]:
    """Return that nothing is asked of the participant any more."""
    portfolio = portfolio_of(state)
    if portfolio is None:
        return ()
    case_id = portfolio.enrolment.case_id
    if isinstance(state, Ended):
        return (RestartRevoked(case_id=case_id, occurred_at=at),)
    if isinstance(state, Open) and state.resubmission is not None:
        return (ResubmissionClosed(case_id=case_id, occurred_at=at),)
    return ()


def _why(restart: RestartRequired) -> tuple[str, datetime | None]:
    return restart.reason, restart.outcome_released_at
