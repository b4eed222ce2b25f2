"""What is asked about appeals: mine, those due, those I hear."""

from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.appeals.domain.events import (
    Against,
    AppealFact,
    ClockRestarted,
    ClockStopped,
    Discontinued,
    Dismissed,
    ExplanationGiven,
    ExplanationRequested,
    FellOverdue,
    HearingPanelAppointed,
    Lodged,
    Remedy,
    Upheld,
)
from shared.eventlog import StoredEvent
from shared.projector import ReadModel

NEVER = date(9999, 12, 31)
"""Where what has no last day is listed: behind everything that has one."""

State: TypeAlias = Literal[
    "asked", "explained", "lodged", "upheld", "dismissed", "discontinued"
]


class AppealRow(BaseModel):
    """One appeal: whose it is, what is due, who hears it; never what was written."""

    model_config = ConfigDict(frozen=True)

    appeal_id: str
    case_id: str
    number: int
    participant_id: str
    against: Against
    subject: str | None
    decision_number: int | None
    result: str | None
    state: State
    opened_at: datetime
    due_on: date | None
    is_stopped: bool
    overdue_on: date | None = None
    grounds: list[str] = []
    members: list[str] = []
    remedy: Remedy | None = None


def appeal_of(fact: AppealFact, _: StoredEvent) -> str | None:
    """Return the appeal a fact is of; what is noted of a case names none as its own."""
    return fact.appeal_id if isinstance(fact, _OF_APPEALS) else None


def follow_appeal(
    row: AppealRow | None, fact: AppealFact, _: StoredEvent
) -> AppealRow | None:
    """Return the appeal's row as it is after *fact*."""
    if row is None:
        return _opened(fact)
    return row.model_copy(update=_changes(fact))


def _opened(fact: AppealFact) -> AppealRow | None:
    if not isinstance(fact, ExplanationRequested | Lodged):
        return None
    decision = fact.decision
    lodged = fact if isinstance(fact, Lodged) else None
    return AppealRow(
        appeal_id=fact.appeal_id,
        case_id=fact.case_id,
        number=fact.number,
        participant_id=fact.participant_id,
        against=lodged.against if lodged else "decision",
        subject=decision.subject if decision else None,
        decision_number=decision.number if decision else None,
        result=decision.result if decision else None,
        state="lodged" if lodged else "asked",
        opened_at=fact.occurred_at,
        due_on=fact.due_on,
        is_stopped=fact.is_stopped,
        grounds=list(lodged.grounds) if lodged else [],
    )


_OVER: dict[str, Any] = {"due_on": None, "is_stopped": False}


def _changes(fact: AppealFact) -> dict[str, Any]:
    match fact:
        case ExplanationGiven():
            return {
                "state": "explained",
                "due_on": fact.appeal_by,
                "is_stopped": fact.is_stopped,
            }
        case Lodged():
            return {**_OVER, "state": "lodged", "grounds": list(fact.grounds)}
        case HearingPanelAppointed():
            return {"members": list(fact.members)}
        case Upheld() | Dismissed() | Discontinued():
            return _end(fact)
        case _:
            return _of_the_clock(fact)


def _end(fact: Upheld | Dismissed | Discontinued) -> dict[str, Any]:
    match fact:
        case Upheld():
            return {**_OVER, "state": "upheld", "remedy": fact.remedy}
        case Dismissed():
            return {**_OVER, "state": "dismissed"}
        case Discontinued():
            return {**_OVER, "state": "discontinued"}


def _of_the_clock(fact: AppealFact) -> dict[str, Any]:
    match fact:
        case ClockStopped():
            return {"is_stopped": True}
        case ClockRestarted():
            return {"due_on": fact.due_on, "is_stopped": fact.is_stopped}
        case FellOverdue():
            return {"overdue_on": fact.due_on}
        case _:
            return {}


_OF_APPEALS = (
    ExplanationRequested
    | ExplanationGiven
    | Lodged
    | ClockStopped
    | ClockRestarted
    | FellOverdue
    | HearingPanelAppointed
    | Upheld
    | Dismissed
    | Discontinued
)


APPEAL = ReadModel(table="appeal", row=AppealRow, key=appeal_of, fold=follow_appeal)
