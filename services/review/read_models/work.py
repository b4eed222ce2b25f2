"""What everybody has: by reviewer and cohort, what is overdue, and one's own.

Nobody of the office sees whose their own case is.
"""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel

from shared.database import Pool
from shared.projector import row_from

NOBODY = ("", "")
"""Before the first share."""

WorkState: TypeAlias = Literal[
    "held",
    "returned",
    "allocated",
    "begun",
    "completed",
    "taken_over",
    "referred",
    "closed",
]


class ShareRow(BaseModel):
    """What one reviewer has of one cohort."""

    reviewer_id: str
    cohort_id: str
    allocated: int
    """Given or returned to them, and not held now."""
    held: int
    begun: int
    """Not kept for them: they let a claim of it lapse."""
    completed: int
    overdue: int
    oldest_due: datetime | None
    """Of what is not judged yet."""


class OverdueRow(BaseModel):
    """A review that was not judged in time, and whose it is."""

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    due_at: datetime
    owner_id: str | None
    """Who is expected to judge it; None: anybody may claim it."""
    is_held: bool


class ReferredRow(BaseModel):
    """A review that waits for the lead to say who judges it."""

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    due_at: datetime
    referred_by: str
    referred_at: datetime


class WorkRow(BaseModel):
    """A review that is, or was, this reviewer's."""

    review_id: str
    case_id: str
    cohort_id: str
    programme: str
    attempt: int
    submitted_at: datetime
    due_at: datetime
    is_overdue: bool
    state: WorkState
    taken_by: Literal["operations", "lead_moderator"] | None
    """Which role took it over."""


_SHARES = """
    SELECT last_holder_id AS reviewer_id, cohort_id,
           count(*) FILTER (
               WHERE state IN ('waiting', 'claimed') AND kept_for = last_holder_id
                 AND NOT coalesce(holder_id = last_holder_id AND lease_ends_at > $1,
                                  false)
           ) AS allocated,
           count(*) FILTER (
               WHERE state = 'claimed' AND lease_ends_at > $1
           ) AS held,
           count(*) FILTER (
               WHERE state IN ('waiting', 'claimed') AND kept_for IS NULL
                 AND NOT coalesce(lease_ends_at > $1, false)
           ) AS begun,
           count(*) FILTER (WHERE state = 'completed') AS completed,
           count(*) FILTER (
               WHERE state IN ('waiting', 'claimed') AND is_overdue
           ) AS overdue,
           min(due_at) FILTER (WHERE state IN ('waiting', 'claimed')) AS oldest_due
    FROM review
    WHERE last_holder_id IS NOT NULL AND state <> 'closed'
      AND (last_holder_id, cohort_id) > ($2, $3)
      AND ($4::text IS NULL OR cohort_id = $4)
      AND ($5::text IS NULL OR last_holder_id = $5)
    GROUP BY last_holder_id, cohort_id
    ORDER BY last_holder_id, cohort_id LIMIT $6
"""


async def shares_of(
    pool: Pool,
    *,
    now: datetime,
    after: tuple[str, str] = NOBODY,
    cohort_id: str | None = None,
    reviewer_id: str | None = None,
    limit: int,
) -> list[ShareRow]:
    """Return what reviewers have, by reviewer and cohort, of all or of one."""
    records = await pool.fetch(_SHARES, now, *after, cohort_id, reviewer_id, limit)
    return [row_from(ShareRow, record) for record in records]


async def overdue_reviews(
    pool: Pool,
    *,
    now: datetime,
    but_of: str,
    after: tuple[datetime, str],
    cohort_id: str | None = None,
    limit: int,
) -> list[OverdueRow]:
    """Return what was not judged in time, the longest first, but one's own case."""
    records = await pool.fetch(
        """
        SELECT review_id, case_id, cohort_id, attempt, due_at,
               last_holder_id AS owner_id,
               coalesce(state = 'claimed' AND lease_ends_at > $1, false) AS is_held
        FROM review
        WHERE state IN ('waiting', 'claimed') AND is_overdue
          AND participant_id <> $2
          AND (due_at, review_id) > ($3, $4)
          AND ($5::text IS NULL OR cohort_id = $5)
        ORDER BY due_at, review_id LIMIT $6
        """,
        now,
        but_of,
        *after,
        cohort_id,
        limit,
    )
    return [row_from(OverdueRow, record) for record in records]


async def referred_reviews(
    pool: Pool, *, but_of: str, after: tuple[datetime, str], limit: int
) -> list[ReferredRow]:
    """Return what waits for the lead, oldest first, but one's own case."""
    records = await pool.fetch(
        """
        SELECT review_id, case_id, cohort_id, attempt, due_at, referred_by, referred_at
        FROM review
        WHERE referred_by IS NOT NULL AND state = 'waiting' AND participant_id <> $1
          AND (referred_at, review_id) > ($2, $3)
        ORDER BY referred_at, review_id LIMIT $4
        """,
        but_of,
        *after,
        limit,
    )
    return [row_from(ReferredRow, record) for record in records]


async def work_of(
    pool: Pool,
    reviewer_id: str,
    *,
    now: datetime,
    after: tuple[datetime, str],
    limit: int,
) -> list[WorkRow]:
    """Return what is, or was, this reviewer's, what is due first at the top."""
    records = await pool.fetch(
        """
        SELECT review_id, case_id, cohort_id, programme, attempt, submitted_at, due_at,
               is_overdue AND state IN ('waiting', 'claimed') AS is_overdue,
               taken ->> $1 AS taken_by,
               CASE
                   WHEN referred_by = $1 THEN 'referred'
                   WHEN last_holder_id IS DISTINCT FROM $1 THEN 'taken_over'
                   WHEN state IN ('completed', 'closed') THEN state
                   WHEN state = 'claimed' AND lease_ends_at > $2 THEN 'held'
                   WHEN kept_for = $1 AND returned_to = $1 THEN 'returned'
                   WHEN kept_for = $1 THEN 'allocated'
                   ELSE 'begun'
               END AS state
        FROM review
        WHERE (last_holder_id = $1 OR taken ? $1 OR referred_by = $1)
          AND (due_at, review_id) > ($3, $4)
        ORDER BY due_at, review_id LIMIT $5
        """,
        reviewer_id,
        now,
        *after,
        limit,
    )
    return [row_from(WorkRow, record) for record in records]
