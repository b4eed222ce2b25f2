"""How facts add up to the state of a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from services.submission.domain.events import (
    CaseEvent,
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
    Submitted,
)


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """There is no such case."""


@dataclass(frozen=True, slots=True)
class Open:
    """A portfolio in the making."""

    enrolment: Enrolled
    mentor_id: str | None = None
    sections: Mapping[str, SectionSaved] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceAttached] = field(default_factory=dict)
    own_deadline: date | None = None
    adjusted: bool = False


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A portfolio that is with the reviewers."""

    portfolio: Open
    submission: Submitted


Case: TypeAlias = NotEnrolled | Open | HandedIn

INITIAL: Case = NotEnrolled()


def evolve(state: Case, event: CaseEvent) -> Case:
    """Return *state* as it is after *event*."""
    if isinstance(event, Enrolled):
        return Open(enrolment=event)
    match state:
        case Open():
            return _grown(state, event)
        case NotEnrolled() | HandedIn():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(state)


def _grown(
    state: Open,
    event: MentorNominated
    | SectionSaved
    | EvidenceAttached
    | DeadlineMoved
    | Submitted,
) -> Case:
    match event:
        case MentorNominated():
            return replace(state, mentor_id=event.mentor_id)
        case SectionSaved():
            return replace(state, sections={**state.sections, event.key: event})
        case EvidenceAttached():
            evidence = {**state.evidence, event.evidence_id: event}
            return replace(state, evidence=evidence)
        case DeadlineMoved():
            adjusted = state.adjusted or event.reason == "reasonable_adjustment"
            return replace(state, own_deadline=event.deadline, adjusted=adjusted)
        case Submitted():
            return HandedIn(portfolio=state, submission=event)
        case _:
            assert_never(event)


def portfolio_of(state: Case) -> Open | None:
    """Return the portfolio of a case, in the making or handed in."""
    match state:
        case NotEnrolled():
            return None
        case Open():
            return state
        case HandedIn():
            return state.portfolio
        case _:
            assert_never(state)
