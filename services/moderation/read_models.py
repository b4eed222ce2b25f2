"""What moderators ask: which cases wait for me.

Reads are hints: taking a case is decided from folded facts, never from these rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.moderation.domain.decisions import (
    FeedbackAmended,
    Overturned,
    Rejudged,
    ReturnOrdered,
    Upheld,
)
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    HandedBack,
    ModerationFact,
    Opened,
    ReferredToLead,
    SecondOpinionCalled,
    TakeExtended,
    TakeLapsed,
    Taken,
)
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    OutcomeReleased,
    OutcomeRevised,
)
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row of the queue."""


Stage: TypeAlias = Literal[
    "first", "second", "lead", "returned", "settled", "withdrawn"
]


class CaseRow(BaseModel):
    """One drawn case: where it stands, who holds it, and who may not judge it."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    stage: Stage = "first"
    available_since: datetime
    holder_id: str | None = None
    lease_ends_at: datetime | None = None
    participant_organisation_id: str
    excluded: list[str]
    """Everybody with another part in the case."""


def case_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its case and round."""
    is_case = event.category == "moderation"
    return event.stream.removeprefix("moderation-") if is_case else None


def follow_case(
    row: CaseRow | None, fact: ModerationFact, _: StoredEvent
) -> CaseRow | None:
    """Return the case's row as it is after *fact*."""
    if isinstance(fact, Opened):
        return _opened(fact)
    return None if row is None else row.model_copy(update=_changes(row, fact))


def _opened(fact: Opened) -> CaseRow:
    judged = fact.judged
    parts = (judged.participant_id, judged.mentor_id, judged.reviewer_id)
    return CaseRow(
        case_id=judged.case_id,
        attempt=judged.attempt,
        cohort_id=judged.cohort_id,
        programme=judged.programme,
        available_since=fact.occurred_at,
        participant_organisation_id=judged.participant_organisation_id,
        excluded=[each for each in (*parts, *fact.excluded) if each is not None],
    )


def _changes(row: CaseRow, fact: ModerationFact) -> dict[str, Any]:
    match fact:
        case Taken() | TakeExtended() | HandedBack() | TakeLapsed():
            return _hold(fact)
        case BlindJudgementRecorded(moderator_id=moderator_id):
            return {**_FREE, "excluded": [*row.excluded, moderator_id]}
        case SecondOpinionCalled(occurred_at=at) | ReferredToLead(occurred_at=at):
            stage = "lead" if isinstance(fact, ReferredToLead) else "second"
            return {"stage": stage, "available_since": at}
        case Rejudged(judged=judged):
            return {"excluded": [*row.excluded, judged.reviewer_id]}
        case _:
            return _ended(fact)


def _ended(fact: ModerationFact) -> dict[str, Any]:
    match fact:
        case Upheld() | FeedbackAmended() | Overturned():
            return {"stage": "settled"}
        case OutcomeReleased() | OutcomeRevised():
            return {"stage": "settled"}
        case ReturnOrdered():
            return {"stage": "returned"}
        case CaseWithdrawn():
            return {**_FREE, "stage": "withdrawn"}
        case _:
            return {}


def _hold(fact: Taken | TakeExtended | HandedBack | TakeLapsed) -> dict[str, Any]:
    match fact:
        case Taken():
            return {"holder_id": fact.moderator_id, "lease_ends_at": fact.expires_at}
        case TakeExtended():
            return {"lease_ends_at": fact.expires_at}
        case HandedBack() | TakeLapsed():
            return dict(_FREE)


_FREE: dict[str, None] = {"holder_id": None, "lease_ends_at": None}

ALL: tuple[ReadModel[Any], ...] = (
    ReadModel(table="moderated_case", row=CaseRow, key=case_of, fold=follow_case),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whose queue it is, and which stages they act in."""

    person_id: str
    organisation_id: str | None
    mentees: Sequence[str]
    stages: Sequence[str]


async def queue_of(
    pool: Pool,
    asker: Asker,
    *,
    now: datetime,
    after: tuple[datetime, str],
    limit: int,
) -> list[tuple[str, CaseRow]]:
    """Return what *asker* holds, may take, or may decide; longest waiting first.

    Each row comes with its key. *after* is the time and the key of the last row
    already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM moderated_case
        WHERE stage = ANY ($1)
          AND (holder_id IS NULL OR holder_id = $2 OR lease_ends_at <= $3)
          AND NOT excluded ? $2
          AND participant_organisation_id IS DISTINCT FROM $4
          AND NOT excluded ?| $5
          AND (available_since, key) > ($6, $7)
        ORDER BY available_since, key
        LIMIT $8
        """,
        list(asker.stages),
        asker.person_id,
        now,
        asker.organisation_id,
        list(asker.mentees),
        *after,
        limit,
    )
    return [(record["key"], row_from(CaseRow, record)) for record in records]
