"""The four clocks of an explanation and an appeal, as they stand or stood.

Every reading is a pure function of facts and a moment: what was recorded as a date in a
fact or a letter can be recomputed for any past moment. Source: domain.md section 3.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.appeals.domain.casefile.events import DecisionNoted
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.events import ReleasedDecision
from services.appeals.domain.evolve import (
    Appeal,
    Asked,
    Decided,
    Ended,
    Explained,
    NotOpened,
    Pending,
)
from services.appeals.domain.terms import Terms
from services.appeals.domain.working_days import Reading, read_clock

ClockName: TypeAlias = Literal["ask", "explain", "lodge", "respond"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock: since when, how long, and when it was met."""

    name: ClockName
    started_at: datetime
    working_days: int
    terms: Terms
    met_at: datetime | None = None

    def read(self, file: CaseFile, as_of: datetime) -> Reading:
        """Return how the clock stood at *as_of*; one that was met moves no more."""
        moment = as_of if self.met_at is None else min(as_of, self.met_at)
        return read_clock(
            self.terms.calendar,
            started_at=self.started_at,
            working_days=self.working_days,
            stops=file.stops(),
            as_of=moment,
        )


def ask_clock(
    decision: DecisionNoted | ReleasedDecision,
    terms: Terms,
    met_at: datetime | None = None,
) -> Clock:
    """Return the clock for asking why. Source: AP 4.1."""
    return Clock(
        name="ask",
        started_at=decision.released_at,
        working_days=terms.ask_explanation_working_days,
        terms=terms,
        met_at=met_at,
    )


def explain_clock(
    asked_at: datetime, terms: Terms, met_at: datetime | None = None
) -> Clock:
    """Return the clock for the explanation. Source: AP 4.2."""
    return Clock(
        name="explain",
        started_at=asked_at,
        working_days=terms.give_explanation_working_days,
        terms=terms,
        met_at=met_at,
    )


def lodge_clock(
    explained_at: datetime, terms: Terms, met_at: datetime | None = None
) -> Clock:
    """Return the clock for the appeal. Source: AP 4.3."""
    return Clock(
        name="lodge",
        started_at=explained_at,
        working_days=terms.lodge_working_days,
        terms=terms,
        met_at=met_at,
    )


def respond_clock(
    lodged_at: datetime, terms: Terms, met_at: datetime | None = None
) -> Clock:
    """Return the clock for the response about support. Source: S2 9.1."""
    return Clock(
        name="respond",
        started_at=lodged_at,
        working_days=terms.answer_about_support_working_days,
        terms=terms,
        met_at=met_at,
    )


def clocks_of(state: Appeal) -> tuple[Clock, ...]:
    """Return the clocks that ran in an appeal, in order; the last may still run."""
    match state:
        case NotOpened():
            return ()
        case Asked(request=request):
            asked = ask_clock(request.decision, request.terms, request.occurred_at)
            return asked, explain_clock(request.occurred_at, request.terms)
        case Explained():
            return (*_explained(state), lodge_clock(*_explanation(state)))
        case Pending():
            return _pending(state, None)
        case Decided(pending=pending, decision=decision):
            return _pending(pending, decision.occurred_at)
        case Ended(before=before):
            return clocks_of(before)


def running_clock(state: Appeal) -> Clock | None:
    """Return the clock that decides what is due now, or None."""
    clocks = clocks_of(state)
    return clocks[-1] if clocks and clocks[-1].met_at is None else None


def _explanation(state: Explained) -> tuple[datetime, Terms]:
    return state.answer.occurred_at, state.request.terms


def _explained(state: Explained) -> tuple[Clock, ...]:
    request, answered_at = state.request, state.answer.occurred_at
    return (
        ask_clock(request.decision, request.terms, request.occurred_at),
        explain_clock(request.occurred_at, request.terms, answered_at),
    )


def _pending(state: Pending, decided_at: datetime | None) -> tuple[Clock, ...]:
    lodged = state.lodged
    if state.explained is None:
        return (respond_clock(lodged.occurred_at, lodged.terms, decided_at),)
    last = lodge_clock(*_explanation(state.explained), lodged.occurred_at)
    return (*_explained(state.explained), last)
