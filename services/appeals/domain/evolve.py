"""How facts add up to the state of an appeal."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from pydantic import AwareDatetime

from services.appeals.domain.events import (
    AppealEvent,
    ClockRestarted,
    ClockStopped,
    Discontinued,
    Dismissed,
    ExplanationGiven,
    ExplanationRequested,
    FellOverdue,
    FreshReviewOrdered,
    HearingPanelAppointed,
    Lodged,
    Upheld,
)


@dataclass(frozen=True, slots=True)
class NotOpened:
    """There is no such appeal."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An explanation is due."""

    request: ExplanationRequested
    overdue_on: date | None = None
    """Last day that passed without an answer."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An appeal may be lodged."""

    request: ExplanationRequested
    answer: ExplanationGiven


@dataclass(frozen=True, slots=True)
class Pending:
    """An appeal waits to be decided."""

    lodged: Lodged
    explained: Explained | None
    """None when it is about support."""
    members: tuple[str, ...] = ()
    overdue_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """An appeal was upheld or dismissed."""

    pending: Pending
    decision: Upheld | Dismissed
    fresh_review: FreshReviewOrdered | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The participant withdrew before anything was decided."""

    before: Asked | Explained | Pending
    at: AwareDatetime


Appeal: TypeAlias = NotOpened | Asked | Explained | Pending | Decided | Ended

INITIAL: Appeal = NotOpened()


def evolve(state: Appeal, event: AppealEvent) -> Appeal:
    """Return *state* as it is after *event*."""
    match event:
        case ExplanationRequested():
            return Asked(event)
        case ExplanationGiven() if isinstance(state, Asked):
            return Explained(state.request, event)
        case Lodged():
            return Pending(event, state if isinstance(state, Explained) else None)
        case FellOverdue() if isinstance(state, Asked | Pending):
            return replace(state, overdue_on=event.due_on)
        case ExplanationGiven() | FellOverdue() | ClockStopped() | ClockRestarted():
            return state  # the holds themselves are folded with the case
        case _:
            return _settled(state, event)


def _settled(
    state: Appeal,
    event: HearingPanelAppointed
    | Upheld
    | Dismissed
    | FreshReviewOrdered
    | Discontinued,
) -> Appeal:
    match event:
        case HearingPanelAppointed() if isinstance(state, Pending):
            return replace(state, members=event.members)
        case Upheld() | Dismissed() if isinstance(state, Pending):
            return Decided(state, event)
        case FreshReviewOrdered() if isinstance(state, Decided):
            return replace(state, fresh_review=event)
        case Discontinued() if isinstance(state, Asked | Explained | Pending):
            return Ended(state, event.occurred_at)
        case (
            HearingPanelAppointed()
            | Upheld()
            | Dismissed()
            | FreshReviewOrdered()
            | Discontinued()
        ):
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(event)
