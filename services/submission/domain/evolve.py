"""How facts add up to the state of a case."""

from typing import TypeAlias, assert_never

from services.submission.domain.content import ContentEvent, grow
from services.submission.domain.course import Course, CourseEvent, follow
from services.submission.domain.events import (
    ApplicationReceived,
    AwardNoted,
    CaseEvent,
    DeadlineMoved,
    EligibilityDecided,
    Enrolled,
    FollowUpEvent,
    MentorAppointed,
    MentorNominated,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    ResubmissionLapsed,
    ResubmissionOpened,
    Submitted,
    Withdrawn,
)
from services.submission.domain.states import (
    Applied,
    Case,
    End,
    Ended,
    HandedIn,
    NotEnrolled,
    Open,
    Resubmission,
    as_handed_in,
    course_of,
    portfolio_of,
    with_course,
)
from shared.decider import replace

__all__ = [
    "INITIAL",
    "Applied",
    "Case",
    "Ended",
    "HandedIn",
    "NotEnrolled",
    "Open",
    "Resubmission",
    "course_of",
    "evolve",
    "portfolio_of",
]

INITIAL: Case = NotEnrolled()

_Preparing: TypeAlias = MentorNominated | MentorAppointed | DeadlineMoved | Submitted
_Entering: TypeAlias = ApplicationReceived | EligibilityDecided | Enrolled


def evolve(state: Case, event: CaseEvent) -> Case:
    """Return *state* as it is after *event*."""
    if isinstance(event, ContentEvent):  # first, because most events are
        return grow(state, event) if isinstance(state, Open) else state
    if isinstance(event, _Preparing):
        # decide lets these happen to an open portfolio only; a fold must not fail
        return _prepared(state, event) if isinstance(state, Open) else state
    if isinstance(event, CourseEvent):
        heard = with_course(state, follow(course_of(state), event))
        return _ended(heard, event) if isinstance(event, AwardNoted) else heard
    if isinstance(event, _Entering):
        return _entered(state, event)
    return _followed(state, event)


def _entered(state: Case, event: _Entering) -> Case:
    match event:
        case ApplicationReceived():
            return Applied(application=event, course=course_of(state))
        case EligibilityDecided() if isinstance(state, Applied):
            return replace(state, eligibility=event)
        case EligibilityDecided():
            return state  # decide never lets this happen; a fold must not fail
        case Enrolled():
            return Open(enrolment=event, course=course_of(state))
        case _:
            assert_never(event)


def _prepared(state: Open, event: _Preparing) -> Case:
    match event:
        case MentorNominated() | MentorAppointed():
            return replace(state, mentor_id=event.mentor_id)
        case DeadlineMoved():
            adjusted = state.adjusted or event.reason == "reasonable_adjustment"
            return replace(state, own_deadline=event.deadline, adjusted=adjusted)
        case Submitted():
            return HandedIn(portfolio=state, submission=event)
        case _:
            assert_never(event)


def _followed(state: Case, event: FollowUpEvent | Withdrawn) -> Case:
    match event:
        case ResubmissionOpened():
            return _reopened(state, event)
        case ResubmissionClosed() | ResubmissionLapsed():
            return as_handed_in(state) if isinstance(state, Open) else state
        case RestartRequired() | Withdrawn():
            return _ended(state, event)
        case RestartRevoked():
            return state.before if isinstance(state, Ended) else state
        case _:
            assert_never(event)


def _reopened(state: Case, window: ResubmissionOpened) -> Case:
    """Return the second attempt: what was handed in, to be worked on."""
    if isinstance(state, Open) and state.resubmission is not None:
        again = replace(state.resubmission, window=window)
        return replace(state, resubmission=again)
    if not isinstance(state, HandedIn):
        return state  # decide never lets this happen; a fold must not fail
    earlier = replace(state, portfolio=replace(state.portfolio, course=Course()))
    resubmission = Resubmission(window=window, earlier=earlier)
    return replace(state.portfolio, own_deadline=None, resubmission=resubmission)


def _ended(state: Case, by: End) -> Case:
    match state:
        case NotEnrolled():
            return state  # decide never lets this happen; a fold must not fail
        case Ended():
            return replace(state, by=by)
        case Applied() | Open() | HandedIn():
            return Ended(before=as_handed_in(state), by=by)
        case _:
            assert_never(state)
