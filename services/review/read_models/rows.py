"""The rows of review's read models, and how facts change them."""

from datetime import datetime
from typing import Any, Literal, assert_never

from pydantic import BaseModel, ConfigDict

from services.review.domain.assessment.events import ConflictOverridden, ReleaseNoted
from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Completed,
    Requested,
    ReviewFact,
    SecondAttemptBy,
)
from services.review.domain.late import (
    ConflictDecided,
    ConflictDecision,
    ConflictFound,
    JudgementSetAside,
    WhichConflict,
)
from services.review.domain.recalls import JudgementRestored, Recalled
from services.review.domain.reviewer.events import (
    ConflictDeclared,
    EmployerChanged,
    MenteeNoted,
    PartNoted,
    PauseEndNoted,
    PauseNoted,
    ReviewerRegistered,
)
from services.review.domain.turns import (
    AllocationWithdrawn,
    ClaimEnded,
    Closed,
    DueMoved,
    FellOverdue,
    HandedOver,
    OpeningMoved,
    Referred,
    Reopened,
    Reserved,
    TakenOver,
)
from shared.carrying import carry
from shared.eventlog import StoredEvent


class ReviewRow(BaseModel):
    """One review: what it is about, and who holds it."""

    model_config = ConfigDict(frozen=True)

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    participant_id: str
    participant_organisation_id: str
    mentor_id: str | None
    programme: str
    template: str
    role_context: str | None
    submitted_at: datetime
    review_opens_at: datetime
    due_at: datetime
    second_attempt_by: SecondAttemptBy
    excluded: list[str] = []
    """Who took part before and may not judge."""
    only_by: str | None = None
    """Who alone may claim it."""
    although_paused: bool | None = None
    """Whether they may while they are paused; None in rows from before it was told."""
    state: Literal["waiting", "claimed", "completed", "closed"] = "waiting"
    holder_id: str | None = None
    token: int | None = None
    lease_ends_at: datetime | None = None
    judges: list[str] = []
    """Who has judged it; more than one only after a return."""
    returned_to: str | None = None
    """Who is to judge it again."""
    is_overdue: bool = False
    kept_for: str | None = None
    """Whom it was given or returned to: nobody else may claim it."""
    last_holder_id: str | None = None
    """Who is expected to judge it."""
    referred_by: str | None = None
    """Who could not decide and referred it to the lead."""
    referred_at: datetime | None = None
    taken: dict[str, str] = {}
    """Which role took it from somebody, by reviewer, until they claim it again."""
    recalled_by: str | None = None
    """Who took back a judgement of it, until it is judged again."""
    recalled_at: datetime | None = None
    overridden: list[str] = []
    """Who may judge it despite a conflict they declared."""
    released_at: datetime | None = None
    conflict_of: str | None = None
    """Who had a part in it and may not judge it, as came to light last."""
    conflict_because: WhichConflict | None = None
    conflict_when: Literal["claimed", "judged", "released"] | None = None
    conflict_at: datetime | None = None
    conflict_decision: ConflictDecision | None = None


class ReviewerRow(BaseModel):
    """One reviewer, and what the queue leaves out for them."""

    model_config = ConfigDict(frozen=True)

    reviewer_id: str
    organisation_id: str | None = None
    """None while they do not review, but take part or support somebody."""
    works_for: str | None = None
    """The same, and where others work once they have stated another employer."""
    conflicts: list[str] = []
    """``kind:id`` of everything declared."""
    mentees: list[str] = []
    parts: list[str] | None = None
    """Cases of which they judge nothing, and ``case.attempt`` of which not that one;
    None in rows from before that was kept."""
    is_paused: bool = False
    """They get nothing to judge for now."""


def review_of(fact: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its review."""
    if isinstance(fact, ConflictOverridden | ReleaseNoted):
        return fact.review_id
    return event.stream.removeprefix("review-") if event.category == "review" else None


def follow_review(
    row: ReviewRow | None, fact: ReviewFact, _: StoredEvent
) -> ReviewRow | None:
    """Return the review's row as it is after *fact*."""
    if isinstance(fact, Requested):
        return carry(fact, ReviewRow)
    if row is None:
        return None
    return row.model_copy(update=_changes(row, fact))


def _changes(row: ReviewRow, fact: ReviewFact) -> dict[str, Any]:
    match fact:
        case Claimed(reviewer_id=me):
            return {
                "state": "claimed",
                "holder_id": me,
                "last_holder_id": me,
                "kept_for": me if row.kept_for == me else None,
                "taken": {who: by for who, by in row.taken.items() if who != me},
                "token": fact.token,
                "lease_ends_at": fact.lease_ends_at,
            }
        case ClaimExtended():
            return {"lease_ends_at": fact.lease_ends_at}
        case ClaimReleased() | ClaimLapsed() | ClaimEnded():
            return {**_FREE, "state": "waiting", "last_holder_id": _left(row, fact)}
        case Completed(reviewer_id=judge):
            judges = [*row.judges, *({judge} - set(row.judges))]
            return {
                **_FREE,
                **_STANDS,
                "state": "completed",
                "judges": judges,
                "last_holder_id": judge,
            }
        case _:
            return _kept(row, fact)


def _left(row: ReviewRow, fact: ClaimReleased | ClaimLapsed | ClaimEnded) -> str | None:
    """Return who is expected to judge it once a claim is over."""
    match fact:
        case ClaimLapsed():
            return row.last_holder_id
        case ClaimReleased():
            return row.kept_for
        case ClaimEnded():
            return None
        case _:
            assert_never(fact)


def _kept(row: ReviewRow, fact: ReviewFact) -> dict[str, Any]:
    match fact:
        case Reserved(reviewer_id=reviewer_id):
            kept = {"kept_for": reviewer_id, "last_holder_id": reviewer_id}
            return {**kept, "referred_by": None, "referred_at": None}
        case Referred(reviewer_id=reviewer_id):
            at = fact.occurred_at
            return {**_NOBODYS, "referred_by": reviewer_id, "referred_at": at}
        case HandedOver():
            return _NOBODYS
        case TakenOver(reviewer_id=reviewer_id, by_role=role):
            return {**_NOBODYS, "taken": {**row.taken, reviewer_id: role}}
        case AllocationWithdrawn():
            return {"kept_for": None, "last_holder_id": row.holder_id}
        case _:
            return _turns(row, fact)


def _turns(row: ReviewRow, fact: ReviewFact) -> dict[str, Any]:
    match fact:
        case OpeningMoved() | DueMoved():
            return _later(fact)
        case Reopened():
            return {
                "state": "waiting" if row.holder_id is None else "claimed",
                "returned_to": fact.reviewer_id,
                "kept_for": fact.reviewer_id,
                "last_holder_id": fact.reviewer_id,
                "referred_by": None,
                "referred_at": None,
                "due_at": fact.due_at,
                "is_overdue": False,
            }
        case Closed():
            return {**_FREE, **_STANDS, "state": "closed"}
        case Recalled() | JudgementRestored() | JudgementSetAside():
            return _recall(fact)
        case FellOverdue() | ConflictOverridden() | ReleaseNoted():
            return _marked(row, fact)
        case _:
            return _conflicting(fact)


def _conflicting(fact: ReviewFact) -> dict[str, Any]:
    match fact:
        case ConflictFound():
            return {
                "conflict_of": fact.reviewer_id,
                "conflict_because": fact.because,
                "conflict_when": fact.when,
                "conflict_at": fact.occurred_at,
            }
        case ConflictDecided(decision=decision):
            return {"conflict_decision": decision}
        case _:
            return {}


def _marked(
    row: ReviewRow,
    fact: FellOverdue | ConflictOverridden | ReleaseNoted,
) -> dict[str, Any]:
    match fact:
        case FellOverdue():
            return {"is_overdue": True}
        case ConflictOverridden(reviewer_id=reviewer_id):
            return {"overridden": [*row.overridden, reviewer_id]}
        case ReleaseNoted():
            return {"released_at": fact.occurred_at}
        case _:
            assert_never(fact)


def _later(fact: OpeningMoved | DueMoved) -> dict[str, Any]:
    later = {"due_at": fact.due_at, "is_overdue": False}
    if isinstance(fact, DueMoved):
        return later
    return {**later, "review_opens_at": fact.review_opens_at}


def _recall(fact: Recalled | JudgementRestored | JudgementSetAside) -> dict[str, Any]:
    if isinstance(fact, JudgementRestored):
        stands = {**_FREE, **_STANDS, "state": "completed"}
        return {**stands, "last_holder_id": fact.reviewer_id}
    whose = _NOBODYS if isinstance(fact, JudgementSetAside) else {}
    return {
        **whose,
        "state": "waiting",
        "recalled_by": fact.reviewer_id,
        "recalled_at": fact.occurred_at,
    }


_STANDS = {"recalled_by": None, "recalled_at": None}
_FREE = {"holder_id": None, "token": None, "lease_ends_at": None}
_NOBODYS = {**_FREE, "state": "waiting", "kept_for": None, "last_holder_id": None}


def reviewer_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its reviewer."""
    is_reviewer = event.category == "reviewer"
    return event.stream.removeprefix("reviewer-") if is_reviewer else None


def follow_reviewer(
    row: ReviewerRow | None, fact: ReviewFact, event: StoredEvent
) -> ReviewerRow | None:
    """Return the reviewer's row as it is after *fact*."""
    known = row or ReviewerRow(reviewer_id=event.stream.removeprefix("reviewer-"))
    changes: dict[str, Any]
    match fact:
        case ReviewerRegistered() | EmployerChanged():
            changes = _employed(known, fact)
        case ConflictDeclared():
            declared = f"{fact.kind}:{fact.with_id}"
            changes = {"conflicts": [*known.conflicts, declared]}
        case MenteeNoted(participant_id=participant_id):
            changes = {"mentees": [*known.mentees, participant_id]}
        case PartNoted():
            changes = {"parts": [*(known.parts or ()), _named(fact)]}
        case PauseNoted() | PauseEndNoted():
            changes = {"is_paused": isinstance(fact, PauseNoted)}
        case _:
            return row
    return known.model_copy(update=changes)


def _named(fact: PartNoted) -> str:
    return fact.case_id if fact.attempt is None else f"{fact.case_id}.{fact.attempt}"


def _employed(
    known: ReviewerRow, fact: ReviewerRegistered | EmployerChanged
) -> dict[str, Any]:
    changes = {"works_for": fact.organisation_id}
    if isinstance(fact, EmployerChanged) and known.organisation_id is None:
        return changes
    return {**changes, "organisation_id": fact.organisation_id}
