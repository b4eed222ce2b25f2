"""In which situation a case can be. Records have no slots: see `replace`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, assert_never

from services.submission.domain.course import Course
from services.submission.domain.events import (
    ApplicationReceived,
    AwardNoted,
    ContributionReceived,
    ContributionRequested,
    EligibilityDecided,
    Enrolled,
    EvidenceAttached,
    RestartRequired,
    ResubmissionOpened,
    SectionSaved,
    SelfRatingRecorded,
    Submitted,
    Withdrawn,
)
from shared.decider import replace

SectionContent: TypeAlias = SectionSaved | SelfRatingRecorded | ContributionReceived
"""The fact that gave a section what it holds now."""


@dataclass(frozen=True)
class NotEnrolled:
    """There is no such case; what is heard of it already is kept."""

    course: Course = field(default_factory=Course)


@dataclass(frozen=True)
class Applied:
    """Somebody asks to take part."""

    application: ApplicationReceived
    eligibility: EligibilityDecided | None = None
    course: Course = field(default_factory=Course)


@dataclass(frozen=True)
class Open:
    """A portfolio in the making."""

    enrolment: Enrolled
    mentor_id: str | None = None
    template: str | None = None
    """Chosen while building; None until then, and where all came at once."""
    sections: Mapping[str, SectionContent] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceAttached] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    """Ids of files that were taken out."""
    requests: Mapping[str, ContributionRequested] = field(default_factory=dict)
    answers: Mapping[str, ContributionReceived] = field(default_factory=dict)
    """What came through a one-time link, by the id of its request."""
    own_deadline: date | None = None
    adjusted: bool = False
    course: Course = field(default_factory=Course)
    resubmission: "Resubmission | None" = None
    """Set while this is the second attempt."""


@dataclass(frozen=True)
class HandedIn:
    """A portfolio that is with the reviewers."""

    portfolio: Open
    submission: Submitted


@dataclass(frozen=True)
class Resubmission:
    """What the second attempt follows, and until when it may."""

    window: ResubmissionOpened
    earlier: HandedIn
    """Without its course, which goes on in the attempt in the making."""


End: TypeAlias = Withdrawn | RestartRequired | AwardNoted
"""What ends a case."""


@dataclass(frozen=True)
class Ended:
    """Nothing more can be asked of the portfolio."""

    before: Applied | Open | HandedIn
    by: End


Case: TypeAlias = NotEnrolled | Applied | Open | HandedIn | Ended


def portfolio_of(state: Case) -> Open | None:
    """Return the portfolio of a case, in the making or handed in."""
    match state:
        case NotEnrolled() | Applied():
            return None
        case Open():
            return state
        case HandedIn():
            return state.portfolio
        case Ended():
            return portfolio_of(state.before)
        case _:
            assert_never(state)


def course_of(state: Case) -> Course:
    """Return what goes on around the portfolio."""
    match state:
        case NotEnrolled() | Applied() | Open():
            return state.course
        case HandedIn():
            return state.portfolio.course
        case Ended():
            return course_of(state.before)
        case _:
            assert_never(state)


def with_course(state: Case, course: Course) -> Case:
    """Return *state* with another course."""
    match state:
        case Ended():
            return replace(state, before=_with_course(state.before, course))
        case NotEnrolled():
            return replace(state, course=course)
        case Applied() | Open() | HandedIn():
            return _with_course(state, course)
        case _:
            assert_never(state)


def _with_course(
    state: Applied | Open | HandedIn, course: Course
) -> Applied | Open | HandedIn:
    if isinstance(state, HandedIn):
        portfolio = replace(state.portfolio, course=course)
        return replace(state, portfolio=portfolio)
    return replace(state, course=course)


def as_handed_in(state: Applied | Open | HandedIn) -> Applied | Open | HandedIn:
    """Return what counts when a second attempt is given up: the first, handed in.

    The course is the present one: what was heard since is not forgotten.
    """
    if isinstance(state, Open) and state.resubmission is not None:
        return _with_course(state.resubmission.earlier, state.course)
    return state
