"""The four clocks of an explanation and an appeal, as they stand or stood.

Every reading is a pure function of facts and a moment: what was recorded as a date in a
fact or a letter can be recomputed for any past moment. Source: domain.md section 3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.events import ExplanationRequested
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

_WORKING_DAYS: Mapping[ClockName, Callable[[Terms], int]] = {
    "ask": lambda terms: terms.ask_explanation_working_days,
    "explain": lambda terms: terms.give_explanation_working_days,
    "lodge": lambda terms: terms.lodge_working_days,
    "respond": lambda terms: terms.answer_about_support_working_days,
}
"""How long to ask why, to explain, to appeal, and to respond about support.

Source: AP 4.1, 4.2, 4.3; S2 9.1.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock: since when, how long, and when it was met."""

    name: ClockName
    started_at: datetime
    terms: Terms
    met_at: datetime | None = None

    @property
    def working_days(self) -> int:
        """How long it runs."""
        return _WORKING_DAYS[self.name](self.terms)

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


def clocks_of(state: Appeal) -> tuple[Clock, ...]:
    """Return the clocks that ran in an appeal, in order; the last may still run."""
    match state:
        case NotOpened():
            return ()
        case Asked(request=request):
            return _asked(request, None)
        case Explained():
            return _explained(state, None)
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


def _asked(
    request: ExplanationRequested, answered_at: datetime | None
) -> tuple[Clock, ...]:
    asked_at, terms = request.occurred_at, request.terms
    released_at = request.decision.released_at
    return (
        Clock(name="ask", started_at=released_at, terms=terms, met_at=asked_at),
        Clock(name="explain", started_at=asked_at, terms=terms, met_at=answered_at),
    )


def _explained(state: Explained, lodged_at: datetime | None) -> tuple[Clock, ...]:
    answered_at, terms = state.answer.occurred_at, state.request.terms
    return (
        *_asked(state.request, answered_at),
        Clock(name="lodge", started_at=answered_at, terms=terms, met_at=lodged_at),
    )


def _pending(state: Pending, decided_at: datetime | None) -> tuple[Clock, ...]:
    lodged_at, terms = state.lodged.occurred_at, state.lodged.terms
    if state.explained is not None:
        return _explained(state.explained, lodged_at)
    return (
        Clock(name="respond", started_at=lodged_at, terms=terms, met_at=decided_at),
    )
