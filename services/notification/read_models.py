"""What operations ask: what became of each letter; and what is due.

Reads are hints: whether a letter is due is decided from its folded facts. No address
and no word of a letter is in here.
"""

from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.notification.domain.events import (
    Bounced,
    Cancelled,
    Deferred,
    Failed,
    HandedOver,
    Held,
    NoticeFact,
    Rendered,
    Requested,
    RetryOrdered,
    Uncertain,
)
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

NoticeState: TypeAlias = Literal[
    "requested",
    "held",
    "rendered",
    "deferred",
    "uncertain",
    "handed_over",
    "bounced",
    "cancelled",
    "failed",
]

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row of the list."""


class NoticeRow(BaseModel):
    """One letter: what about, where it stands, why."""

    model_config = ConfigDict(frozen=True)

    notice_id: str
    case_id: str
    template: str
    state: NoticeState
    reason: str | None = None
    tries: int = 0
    requested_at: datetime
    changed_at: datetime
    next_try_at: datetime | None
    """When it is looked at next; None when nothing more happens by itself."""


def notice_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its letter."""
    return event.stream.removeprefix("notice-") if event.category == "notice" else None


def follow_notice(
    row: NoticeRow | None, fact: NoticeFact, _: StoredEvent
) -> NoticeRow | None:
    """Return the letter's row as it is after *fact*."""
    at = fact.occurred_at
    if isinstance(fact, Requested):
        return NoticeRow(
            **fact.about.model_dump(),
            state="requested",
            requested_at=at,
            changed_at=at,
            next_try_at=at,
        )
    if row is None:
        return None
    return row.model_copy(update={"changed_at": at, **_changes(fact)})


def _changes(fact: NoticeFact) -> dict[str, Any]:
    match fact:
        case Held() | Deferred() | Uncertain():
            return _waiting(fact)
        case Cancelled() | Failed() | HandedOver() | Bounced():
            return {**_ended(fact), "next_try_at": None}
        case Rendered():
            return {"state": "rendered", "reason": None}
        case RetryOrdered(occurred_at=at):
            return {"state": "requested", "reason": None, "tries": 0, "next_try_at": at}
        case _:
            return {}


def _ended(fact: Cancelled | Failed | HandedOver | Bounced) -> dict[str, Any]:
    match fact:
        case Cancelled(reason=reason):
            return {"state": "cancelled", "reason": reason}
        case Failed(reason=reason, tries=tries):
            return {"state": "failed", "reason": reason, "tries": tries}
        case HandedOver(tries=tries):
            return {"state": "handed_over", "reason": None, "tries": tries}
        case Bounced(code=code):
            return {"state": "bounced", "reason": code}


def _waiting(fact: Held | Deferred | Uncertain) -> dict[str, Any]:
    later = {"next_try_at": fact.next_try_at}
    match fact:
        case Held(reason=reason):
            return {**later, "state": "held", "reason": reason}
        case Deferred(reason=reason, tries=tries):
            return {**later, "state": "deferred", "reason": reason, "tries": tries}
        case Uncertain(tries=tries):
            return {**later, "state": "uncertain", "reason": None, "tries": tries}


ALL: tuple[ReadModel[Any], ...] = (
    ReadModel(table="notice", row=NoticeRow, key=notice_of, fold=follow_notice),
)


async def notices_after(
    pool: Pool,
    *,
    state: NoticeState | None,
    after: tuple[datetime, str],
    limit: int,
) -> list[NoticeRow]:
    """Return letters in the order they were requested, in *state* when it is given.

    *after* is the time and the id of the last row already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM notice
        WHERE (requested_at, notice_id) > ($1, $2)
          AND ($3::text IS NULL OR state = $3)
        ORDER BY requested_at, notice_id
        LIMIT $4
        """,
        *after,
        state,
        limit,
    )
    return [row_from(NoticeRow, record) for record in records]
