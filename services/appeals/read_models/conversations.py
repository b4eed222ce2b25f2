"""What is asked about conversations: which are offered, booked, held."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.appeals.domain.conversation import events as talks
from services.appeals.domain.events import AppealFact
from shared.carrying import carry
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from


class ConversationRow(BaseModel):
    """One conversation: offered, booked, held or cancelled."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    attempt: int
    participant_id: str
    minutes: int
    state: Literal["offered", "booked", "held", "cancelled"] = "offered"
    times: list[datetime] = []
    starts_at: datetime | None = None
    offered_at: datetime


_OF_TALKS = (
    talks.ConversationOffered
    | talks.ConversationTimesOffered
    | talks.ConversationBooked
    | talks.ConversationHeld
    | talks.ConversationCancelled
)


def conversation_of(fact: AppealFact, _: StoredEvent) -> str | None:
    """Return the conversation a fact is of."""
    return f"{fact.case_id}.{fact.attempt}" if isinstance(fact, _OF_TALKS) else None


def follow_conversation(
    row: ConversationRow | None, fact: AppealFact, _: StoredEvent
) -> ConversationRow | None:
    """Return the conversation's row as it is after *fact*."""
    if isinstance(fact, talks.ConversationOffered):
        return carry(fact, ConversationRow, offered_at=fact.occurred_at)
    return None if row is None else row.model_copy(update=_talk_changes(fact))


def _talk_changes(fact: AppealFact) -> dict[str, Any]:
    match fact:
        case talks.ConversationTimesOffered():
            return {"times": list(fact.times)}
        case talks.ConversationBooked():
            return {"state": "booked", "starts_at": fact.starts_at}
        case talks.ConversationHeld():
            return {"state": "held"}
        case talks.ConversationCancelled():
            return {"state": "cancelled"}
        case _:
            return {}


CONVERSATION = ReadModel(
    table="conversation",
    row=ConversationRow,
    key=conversation_of,
    fold=follow_conversation,
)


async def conversations(
    pool: Pool,
    *,
    state: str | None,
    after: tuple[datetime, str],
    limit: int,
) -> list[ConversationRow]:
    """Return conversations, those offered first first; all where not narrowed."""
    records = await pool.fetch(
        """
        SELECT * FROM conversation
        WHERE ($1::text IS NULL OR state = $1) AND (offered_at, key) > ($2, $3)
        ORDER BY offered_at, key LIMIT $4
        """,
        state,
        *after,
        limit,
    )
    return [row_from(ConversationRow, record) for record in records]
