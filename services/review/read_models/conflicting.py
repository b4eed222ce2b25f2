"""Conflicts that came to light late: what is to be followed, and what the lead sees."""

from datetime import datetime

from services.review.read_models.rows import ReviewRow
from shared.database import Pool
from shared.projector import row_from

CONFLICTING = """
    SELECT review.review_id, reviewer.reviewer_id FROM review
    JOIN reviewer ON reviewer.reviewer_id = review.holder_id
    WHERE review.state = 'claimed' AND bound(review, reviewer)
    UNION ALL
    SELECT review.review_id, reviewer.reviewer_id FROM review
    JOIN reviewer ON reviewer.reviewer_id = review.last_holder_id
    WHERE review.state = 'completed' AND review.released_at IS NULL
      AND bound(review, reviewer)
    UNION ALL
    SELECT review.review_id, reviewer.reviewer_id FROM review
    JOIN reviewer ON reviewer.reviewer_id = review.last_holder_id
    WHERE review.state = 'completed' AND review.released_at IS NOT NULL
      AND review.conflict_when IS DISTINCT FROM 'released'
      AND reviewer.conflicts <> '[]' AND declared(review, reviewer)
    LIMIT $1
"""
"""Who holds or judged what they may not judge; of what is released, only declared."""


async def conflicting(pool: Pool, *, limit: int = 500) -> list[tuple[str, str]]:
    """Return review and reviewer where it seems that they may not judge it."""
    records = await pool.fetch(CONFLICTING, limit)
    return [(each["review_id"], each["reviewer_id"]) for each in records]


async def conflicts_found(
    pool: Pool, *, but_of: str, after: tuple[datetime, str], limit: int
) -> list[ReviewRow]:
    """Return reviews with a conflict found late, the longest ago first, but one's own.

    *after* is the time and the id of the last row already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM review
        WHERE conflict_at IS NOT NULL AND participant_id <> $1
          AND (conflict_at, review_id) > ($2, $3)
        ORDER BY conflict_at, review_id
        LIMIT $4
        """,
        but_of,
        *after,
        limit,
    )
    return [row_from(ReviewRow, record) for record in records]
