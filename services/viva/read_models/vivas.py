"""Where the viva of each case stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.viva.domain.events import (
    AdjustmentNoted,
    AwardConferred,
    AwardRevoked,
    Booked,
    Held,
    HoldEndNoted,
    HoldNoted,
    Moved,
    NotPassed,
    Offered,
    OfferWithdrawn,
    OutcomeHeard,
    PanelAppointed,
    PanelDisagreed,
    PanelDissolved,
    ReminderDue,
    WithdrawalNoted,
)
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

VivaState: TypeAlias = Literal[
    "none", "offered", "booked", "held", "disagreed", "not_passed", "awarded", "closed"
]
"""``disagreed``: held, and the panel differs. ``closed``: withdrawn."""


class VivaRow(BaseModel):
    """The viva of one case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    state: VivaState = "none"
    participant_id: str | None = None
    cohort_id: str | None = None
    programme: str | None = None
    number: int | None = None
    not_passed: int = 0
    lead_id: str | None = None
    head_id: str | None = None
    round_id: str | None = None
    slot_id: str | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    mode: str | None = None
    sequence: int | None = None
    extra_minutes: int | None = None
    arrangements: list[str] = []
    """What was agreed when the time was booked."""
    past_rounds: list[str] = []
    """Rounds in which it was not passed."""
    reminded: dict[str, int] = {}
    """Last reminder of this offer, in days, by round."""
    holds: list[str] = []
    hold_ends: list[str] = []
    is_on_hold: bool = False
    award_id: str | None = None
    status: str | None = None
    grade: str | None = None
    post_nominals: list[str] = []
    conferred_at: datetime | None = None


def case_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its case."""
    return event.stream.removeprefix("viva-") if event.category == "viva" else None


def follow(row: VivaRow | None, fact: Fact, event: StoredEvent) -> VivaRow:
    """Return the row of the case as it is after *fact*."""
    before = row or VivaRow(case_id=event.stream.removeprefix("viva-"))
    return before.model_copy(update=_changes(before, fact))


_NO_PANEL: dict[str, Any] = {"lead_id": None, "head_id": None}
_NO_TIME: dict[str, Any] = dict.fromkeys(
    ("round_id", "slot_id", "starts_at", "minutes", "mode")
)
_TIME = {*_NO_TIME, "sequence"}
_OPEN: tuple[VivaState, ...] = ("none", "offered", "booked", "held", "disagreed")


def _changes(row: VivaRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case OutcomeHeard():
            return fact.model_dump(include={"participant_id", "cohort_id", "programme"})
        case AdjustmentNoted():
            return {"extra_minutes": fact.extra_minutes}
        case PanelAppointed():
            return {"lead_id": fact.lead_id, "head_id": fact.head_id}
        case Booked() | Moved():
            arrangements = list(fact.arrangements)
            times = fact.model_dump(include=_TIME)
            return {"state": "booked", "arrangements": arrangements, **times}
        case Held() | PanelDisagreed():
            return {"state": "held" if isinstance(fact, Held) else "disagreed"}
        case _:
            return _turns(row, fact)


def _paused(row: VivaRow, fact: HoldNoted | HoldEndNoted) -> dict[str, Any]:
    holds, ends = row.holds, row.hold_ends
    if isinstance(fact, HoldNoted):
        holds = [*holds, fact.hold_id]
    else:
        ends = [*ends, fact.hold_id]
    is_on_hold = not set(holds) <= set(ends)
    return {"holds": holds, "hold_ends": ends, "is_on_hold": is_on_hold}


def _turns(row: VivaRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case Offered():
            offer = {"state": "offered", "number": fact.number, "reminded": {}}
            return {**_NO_PANEL, **_NO_TIME, **offer}
        case OfferWithdrawn():
            return {**_NO_PANEL, **_NO_TIME, "state": "none", "number": None}
        case PanelDissolved() if row.state in {"held", "disagreed"}:
            return {**_NO_PANEL, **_NO_TIME, "state": "offered"}
        case PanelDissolved():
            return _NO_PANEL
        case WithdrawalNoted() if row.state in _OPEN:
            return {**_NO_PANEL, **_NO_TIME, "state": "closed", "number": None}
        case _:
            return _ends(row, fact)


def _ends(row: VivaRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case NotPassed():
            return {
                "state": "not_passed",
                "not_passed": fact.number,
                "past_rounds": [*row.past_rounds, *filter(None, [row.round_id])],
            }
        case AwardConferred():
            return {
                "state": "awarded",
                "conferred_at": fact.occurred_at,
                "post_nominals": list(fact.post_nominals),
                **fact.model_dump(include={"award_id", "status", "grade"}),
            }
        case AwardRevoked():
            return {"state": "closed"}
        case HoldNoted() | HoldEndNoted():
            return _paused(row, fact)
        case ReminderDue():
            return {"reminded": {**row.reminded, fact.round_id: fact.mark_days}}
        case _:
            return {}


VIVAS = ReadModel(table="viva", row=VivaRow, key=case_of, fold=follow)


@dataclass(frozen=True, slots=True, kw_only=True)
class VivasWanted:
    """Which rows: everything that is set must hold."""

    state: VivaState | None = None
    cohort_id: str | None = None
    panellist_id: str | None = None
    participant_id: str | None = None
    hidden_from: str | None = None
    """Whose own cases are left out: they would see their panel."""


async def vivas_after(
    pool: Pool, wanted: VivasWanted, *, after: str, limit: int
) -> list[VivaRow]:
    """Return rows of cases that moderation has spoken about, by case id."""
    records = await pool.fetch(
        """
        SELECT * FROM viva
        WHERE participant_id IS NOT NULL
          AND case_id > $1
          AND ($2::text IS NULL OR state = $2)
          AND ($3::text IS NULL OR cohort_id = $3)
          AND ($4::text IS NULL OR lead_id = $4 OR head_id = $4)
          AND ($5::text IS NULL OR participant_id = $5)
          AND ($7::text IS NULL OR participant_id <> $7)
        ORDER BY case_id
        LIMIT $6
        """,
        after,
        wanted.state,
        wanted.cohort_id,
        wanted.panellist_id,
        wanted.participant_id,
        limit,
        wanted.hidden_from,
    )
    return [row_from(VivaRow, record) for record in records]


async def viva_of_case(pool: Pool, case_id: str) -> VivaRow | None:
    """Return the viva of a case, or None while moderation has not spoken."""
    record = await pool.fetchrow(
        "SELECT * FROM viva WHERE case_id = $1 AND participant_id IS NOT NULL", case_id
    )
    return None if record is None else row_from(VivaRow, record)


async def viva_awarded(pool: Pool, award_id: str) -> VivaRow | None:
    """Return the case whose certificate has this number, or None."""
    record = await pool.fetchrow("SELECT * FROM viva WHERE award_id = $1", award_id)
    return None if record is None else row_from(VivaRow, record)
