"""The row of a drawn case, and how facts change it."""

from datetime import datetime
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
from services.moderation.domain.lateness import DueMoved, FellOverdue
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    OutcomeReleased,
    OutcomeRevised,
)
from shared.eventlog import StoredEvent

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
    due_at: datetime | None = None
    overdue_since: datetime | None = None
    """The last day that passed, once it was told."""


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
        due_at=judged.period_until,
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
        case ReturnOrdered(due_at=due_at):
            return {"stage": "returned", "due_at": due_at, "overdue_since": None}
        case DueMoved() | FellOverdue():
            return _timed(fact)
        case CaseWithdrawn():
            return {**_FREE, "stage": "withdrawn"}
        case _:
            return {}


def _timed(fact: DueMoved | FellOverdue) -> dict[str, Any]:
    if isinstance(fact, DueMoved):
        return {"due_at": fact.due_at, "overdue_since": None}
    return {"overdue_since": fact.due_at}


def _hold(fact: Taken | TakeExtended | HandedBack | TakeLapsed) -> dict[str, Any]:
    match fact:
        case Taken():
            return {"holder_id": fact.moderator_id, "lease_ends_at": fact.expires_at}
        case TakeExtended():
            return {"lease_ends_at": fact.expires_at}
        case HandedBack() | TakeLapsed():
            return dict(_FREE)


_FREE: dict[str, None] = {"holder_id": None, "lease_ends_at": None}
