"""Questions to the read models, each with its SQL."""

from datetime import UTC, datetime

from services.review.read_models.rows import ReviewRow
from shared.database import Pool
from shared.projector import row_from

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row of the queue."""


QUEUE = """
    WITH judge AS (SELECT * FROM reviewer WHERE reviewer_id = $1),
    mine AS (
        SELECT review.* FROM review, judge
        WHERE review.state IN ('waiting', 'claimed')
          AND (review.kept_for = $1 OR review.holder_id = $1)
          AND review.review_opens_at <= $2
          AND independent(review, judge)
          AND NOT judged_otherwise(review, $1)
          AND (review.submitted_at, review.review_id) > ($3, $4)
        ORDER BY review.submitted_at, review.review_id LIMIT $5
    ),
    free AS (
        SELECT review.* FROM review, judge
        WHERE review.state = 'waiting' AND review.kept_for IS NULL
          AND review.referred_by IS NULL
          AND (review.only_by IS NULL OR review.only_by = $1 OR given_up(review))
          AND review.review_opens_at <= $2
          AND independent(review, judge)
          AND NOT judged_otherwise(review, $1)
          AND (review.submitted_at, review.review_id) > ($3, $4)
        ORDER BY review.submitted_at, review.review_id LIMIT $5
    ),
    lapsed AS (
        SELECT review.* FROM review, judge
        WHERE review.state = 'claimed' AND review.lease_ends_at <= $2
          AND review.kept_for IS NULL
          AND review.referred_by IS NULL AND review.holder_id <> $1
          AND (review.only_by IS NULL OR review.only_by = $1 OR given_up(review))
          AND review.review_opens_at <= $2
          AND independent(review, judge)
          AND NOT judged_otherwise(review, $1)
          AND (review.submitted_at, review.review_id) > ($3, $4)
        ORDER BY review.submitted_at, review.review_id LIMIT $5
    )
    SELECT * FROM (
        SELECT * FROM mine UNION ALL SELECT * FROM free UNION ALL SELECT * FROM lapsed
    ) AS found
    ORDER BY submitted_at, review_id LIMIT $5
"""
"""What a reviewer has, and what is free to them: each found by an index of its own."""


async def queue_of(
    pool: Pool,
    reviewer_id: str,
    *,
    now: datetime,
    after: tuple[datetime, str],
    limit: int,
) -> list[ReviewRow]:
    """Return what this reviewer holds, was given or may claim, oldest first.

    *after* is the submission time and the id of the last row already seen.
    """
    records = await pool.fetch(QUEUE, reviewer_id, now, *after, limit)
    return [row_from(ReviewRow, record) for record in records]


async def held_by(pool: Pool, reviewer_id: str) -> list[str]:
    """Return the reviews that this reviewer seems to hold."""
    records = await pool.fetch(
        "SELECT review_id FROM review WHERE state = 'claimed' AND holder_id = $1",
        reviewer_id,
    )
    return [record["review_id"] for record in records]


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


async def not_judged_in_time(
    pool: Pool, *, now: datetime, limit: int = 500
) -> list[tuple[str, datetime]]:
    """Return review and due date of what seems to be overdue, oldest first."""
    records = await pool.fetch(
        """
        SELECT review_id, due_at FROM review
        WHERE state IN ('waiting', 'claimed') AND NOT is_overdue AND due_at <= $1
        ORDER BY due_at LIMIT $2
        """,
        now,
        limit,
    )
    return [(record["review_id"], record["due_at"]) for record in records]


async def recalled_now(
    pool: Pool, *, but_of: str, after: tuple[datetime, str], limit: int
) -> list[ReviewRow]:
    """Return reviews whose judgement is taken back, the longest first, but one's own.

    *after* is the time of the recall and the id of the last row already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM review
        WHERE recalled_at IS NOT NULL AND participant_id <> $1
          AND (recalled_at, review_id) > ($2, $3)
        ORDER BY recalled_at, review_id
        LIMIT $4
        """,
        but_of,
        *after,
        limit,
    )
    return [row_from(ReviewRow, record) for record in records]
