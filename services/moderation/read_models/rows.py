"""The row of a drawn case, and how facts change it."""

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.moderation.domain.deciding import Settles
from services.moderation.domain.decisions import Rejudged, ReturnOrdered
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
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.lateness import DueMoved, FellOverdue
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    FreshReviewWanted,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.recalls import (
    JudgementRecalled,
    JudgementRenewed,
    TakeEnded,
)
from shared.eventlog import StoredEvent

Stage: TypeAlias = Literal[
    "first", "second", "lead", "returned", "settled", "wanted", "withdrawn"
]
"""``wanted`` while a portfolio that was moderated is judged afresh."""


class CaseRow(BaseModel):
    """One drawn case: where it stands, who holds it, and who may not judge it."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    stage: Stage = "first"
    available_since: datetime
    """Until the lead has it, the same whoever judged it before: nothing tells that."""
    holder_id: str | None = None
    lease_ends_at: datetime | None = None
    participant_organisation_id: str
    excluded: list[str]
    """Everybody with another part in the case."""
    judges: list[str] = []
    """Who judged this round blind."""
    judged_at: datetime | None = None
    """When it was judged first; None in rows from before that was kept."""
    due_at: datetime | None = None
    overdue_since: datetime | None = None
    """The last day that passed, once it was told."""
    token: int = 0
    """Of the judgement that stands."""
    recalled_token: int | None = None
    """Of the judgement that was taken back last."""
    is_recalled: bool = False
    """Its reviewer is judging it again."""


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
    drawn, judged = fact.judged, fact.stands or fact.judged
    reviewers = dict.fromkeys((drawn.reviewer_id, judged.reviewer_id))
    parts = (judged.participant_id, judged.mentor_id, *reviewers)
    return CaseRow(
        case_id=judged.case_id,
        attempt=judged.attempt,
        cohort_id=judged.cohort_id,
        programme=judged.programme,
        judged_at=min(drawn.completed_at, judged.completed_at),
        due_at=judged.period_until,
        available_since=fact.recallable_until or fact.occurred_at,
        token=judged.token,
        recalled_token=fact.recalled_token,
        is_recalled=_is_recalled(fact.recalled_token, judged.token),
        participant_organisation_id=judged.participant_organisation_id,
        excluded=[each for each in (*parts, *fact.excluded) if each is not None],
    )


def _changes(row: CaseRow, fact: ModerationFact) -> dict[str, Any]:
    match fact:
        case Taken() | TakeExtended() | HandedBack() | TakeLapsed() | TakeEnded():
            return _hold(fact)
        case BlindJudgementRecorded(moderator_id=moderator_id):
            return {
                **_FREE,
                "excluded": [*row.excluded, moderator_id],
                "judges": [*row.judges, moderator_id],
            }
        case SecondOpinionCalled() | ReferredToLead():
            return _goes_on(fact)
        case Rejudged(judged=judged) | JudgementRenewed(judged=judged):
            return _judged_again(row, judged)
        case JudgementRecalled():
            return _recalled(row, fact)
        case _:
            return _ended(row, fact)


def _goes_on(fact: SecondOpinionCalled | ReferredToLead) -> dict[str, Any]:
    if isinstance(fact, ReferredToLead):
        return {"stage": "lead", "available_since": fact.occurred_at}
    return {"stage": "second"}


def _judged_again(row: CaseRow, judged: JudgedCase) -> dict[str, Any]:
    if judged.token < row.token:
        return {}
    return {
        "excluded": [*row.excluded, judged.reviewer_id],
        "token": judged.token,
        "is_recalled": _is_recalled(row.recalled_token, judged.token),
    }


def _recalled(row: CaseRow, fact: JudgementRecalled) -> dict[str, Any]:
    """Return what changes: what was settled is to be judged again."""
    recalled_token = max(fact.token, row.recalled_token or 0)
    if not _is_recalled(recalled_token, row.token):
        return {"recalled_token": recalled_token}
    stage = "first" if row.stage == "settled" else row.stage
    return {
        "recalled_token": recalled_token,
        "is_recalled": True,
        "stage": stage,
    }


def _is_recalled(recalled_token: int | None, token: int) -> bool:
    return recalled_token is not None and recalled_token >= token


def _ended(row: CaseRow, fact: ModerationFact) -> dict[str, Any]:
    match fact:
        case Settles() | OutcomeReleased() | OutcomeRevised():
            return {"stage": "settled"}
        case ReturnOrdered(due_at=due_at):
            return {"stage": "returned", "due_at": due_at, "overdue_since": None}
        case DueMoved() | FellOverdue():
            return _timed(fact)
        case FreshReviewWanted(excluded=excluded):
            everybody = list(dict.fromkeys((*row.excluded, *excluded)))
            return {"stage": "wanted", "excluded": everybody, "judges": []}
        case CaseWithdrawn():
            return {**_FREE, "stage": "withdrawn"}
        case _:
            return {}


def _timed(fact: DueMoved | FellOverdue) -> dict[str, Any]:
    if isinstance(fact, DueMoved):
        return {"due_at": fact.due_at, "overdue_since": None}
    return {"overdue_since": fact.due_at}


def _hold(
    fact: Taken | TakeExtended | HandedBack | TakeLapsed | TakeEnded,
) -> dict[str, Any]:
    match fact:
        case Taken():
            return {"holder_id": fact.moderator_id, "lease_ends_at": fact.expires_at}
        case TakeExtended():
            return {"lease_ends_at": fact.expires_at}
        case HandedBack() | TakeLapsed() | TakeEnded():
            return dict(_FREE)


_FREE: dict[str, None] = {"holder_id": None, "lease_ends_at": None}
