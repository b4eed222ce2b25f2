"""What reviewers ask: which reviews wait for me; and which leases have ended.

Reads are hints: a claim is decided from folded facts, never from these rows.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Completed,
    Requested,
    ReviewEvent,
)
from services.review.domain.reviewer.events import (
    ConflictDeclared,
    ReviewerEvent,
    ReviewerRegistered,
)
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row of the queue."""


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
    state: Literal["waiting", "claimed", "completed"] = "waiting"
    holder_id: str | None = None
    token: int | None = None
    lease_ends_at: datetime | None = None


class ReviewerRow(BaseModel):
    """One reviewer, and what the queue leaves out for them."""

    model_config = ConfigDict(frozen=True)

    reviewer_id: str
    organisation_id: str
    conflicts: list[str] = []
    """``kind:id`` of everything declared."""


def review_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its review."""
    return event.stream.removeprefix("review-") if event.category == "review" else None


def follow_review(
    row: ReviewRow | None, fact: ReviewEvent | ReviewerEvent, _: StoredEvent
) -> ReviewRow | None:
    """Return the review's row as it is after *fact*."""
    if isinstance(fact, Requested):
        return ReviewRow.model_validate(fact.model_dump(include=_REQUESTED))
    if row is None:
        return None
    return row.model_copy(update=_changes(fact))


def _changes(fact: ReviewEvent | ReviewerEvent) -> dict[str, Any]:
    match fact:
        case Claimed():
            return {
                "state": "claimed",
                "holder_id": fact.reviewer_id,
                "token": fact.token,
                "lease_ends_at": fact.lease_ends_at,
            }
        case ClaimExtended():
            return {"lease_ends_at": fact.lease_ends_at}
        case ClaimReleased() | ClaimLapsed():
            return {**_FREE, "state": "waiting"}
        case Completed():
            return {**_FREE, "state": "completed"}
        case _:
            return {}


_FREE = {"holder_id": None, "token": None, "lease_ends_at": None}
_REQUESTED = {name for name in ReviewRow.model_fields if name in Requested.model_fields}


def reviewer_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its reviewer."""
    is_reviewer = event.category == "reviewer"
    return event.stream.removeprefix("reviewer-") if is_reviewer else None


def follow_reviewer(
    row: ReviewerRow | None, fact: ReviewEvent | ReviewerEvent, _: StoredEvent
) -> ReviewerRow | None:
    """Return the reviewer's row as it is after *fact*."""
    match fact:
        case ReviewerRegistered():
            return ReviewerRow(
                reviewer_id=fact.reviewer_id,
                organisation_id=fact.organisation_id,
                conflicts=row.conflicts if row else [],
            )
        case ConflictDeclared() if row is not None:
            declared = f"{fact.kind}:{fact.with_id}"
            return row.model_copy(update={"conflicts": [*row.conflicts, declared]})
        case _:
            return row


ALL: tuple[ReadModel[Any], ...] = (
    ReadModel(table="review", row=ReviewRow, key=review_of, fold=follow_review),
    ReadModel(table="reviewer", row=ReviewerRow, key=reviewer_of, fold=follow_reviewer),
)


async def queue_of(
    pool: Pool,
    reviewer_id: str,
    *,
    now: datetime,
    after: tuple[datetime, str],
    limit: int,
) -> list[ReviewRow]:
    """Return what this reviewer holds or may claim, oldest first.

    *after* is the submission time and the id of the last row already seen.
    """
    records = await pool.fetch(
        """
        SELECT review.* FROM review
        JOIN reviewer AS judge ON judge.reviewer_id = $1
        WHERE review.state <> 'completed'
          AND review.review_opens_at <= $2
          AND (
              review.holder_id IS NULL
              OR review.holder_id = $1
              OR review.lease_ends_at <= $2
          )
          AND review.participant_id <> $1
          AND review.mentor_id IS DISTINCT FROM $1
          AND review.participant_organisation_id <> judge.organisation_id
          AND NOT judge.conflicts ?| ARRAY[
              'case:' || review.case_id,
              'person:' || review.participant_id,
              'person:' || coalesce(review.mentor_id, ''),
              'organisation:' || review.participant_organisation_id
          ]
          AND (review.submitted_at, review.review_id) > ($3, $4)
        ORDER BY review.submitted_at, review.review_id
        LIMIT $5
        """,
        reviewer_id,
        now,
        *after,
        limit,
    )
    return [row_from(ReviewRow, record) for record in records]


async def ended_leases(
    pool: Pool, *, now: datetime, limit: int = 500
) -> list[tuple[str, int]]:
    """Return review and token of leases that seem to have ended, oldest first."""
    records = await pool.fetch(
        """
        SELECT review_id, token FROM review
        WHERE state = 'claimed' AND lease_ends_at <= $1
        ORDER BY lease_ends_at LIMIT $2
        """,
        now,
        limit,
    )
    return [(record["review_id"], record["token"]) for record in records]
