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
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

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


async def appeals_of(
    pool: Pool, participant_id: str, *, after: tuple[datetime, str], limit: int
) -> list[AppealRow]:
    """Return a participant's appeals, oldest first."""
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE participant_id = $1 AND (opened_at, appeal_id) > ($2, $3)
        ORDER BY opened_at, appeal_id LIMIT $4
        """,
        participant_id,
        *after,
        limit,
    )
    return [row_from(AppealRow, record) for record in records]


async def appeals_by_due_day(
    pool: Pool,
    *,
    today: date,
    state: State | None,
    overdue: bool | None,
    after: tuple[date, str],
    limit: int,
) -> list[AppealRow]:
    """Return appeals, those first whose answer is due first; all where not narrowed.

    *today* is the day in London: what was due before it and is not answered is late.
    """
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE ($1::text IS NULL OR state = $1)
          AND ($2::boolean IS NULL OR $2 = (
              state IN ('asked', 'lodged') AND NOT is_stopped
              AND due_on IS NOT NULL AND due_on < $3
          ))
          AND (coalesce(due_on, $4), appeal_id) > ($5, $6)
        ORDER BY coalesce(due_on, $4), appeal_id LIMIT $7
        """,
        state,
        overdue,
        today,
        NEVER,
        *after,
        limit,
    )
    return [row_from(AppealRow, record) for record in records]


async def hearings_of(
    pool: Pool, person_id: str, *, after: tuple[datetime, str], limit: int
) -> list[AppealRow]:
    """Return the appeals that somebody hears or heard, oldest first."""
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE members ? $1 AND (opened_at, appeal_id) > ($2, $3)
        ORDER BY opened_at, appeal_id LIMIT $4
        """,
        person_id,
        *after,
        limit,
    )
    return [row_from(AppealRow, record) for record in records]


async def late_answers(
    pool: Pool, *, today: date, limit: int = 500
) -> list[tuple[str, date]]:
    """Return appeals whose answer seems late, and which last day passed."""
    records = await pool.fetch(
        """
        SELECT appeal_id, due_on FROM appeal
        WHERE state IN ('asked', 'lodged') AND NOT is_stopped
          AND due_on < $1 AND overdue_on IS DISTINCT FROM due_on
        ORDER BY due_on, appeal_id LIMIT $2
        """,
        today,
        limit,
    )
    return [(record["appeal_id"], record["due_on"]) for record in records]
