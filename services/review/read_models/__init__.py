"""What reviewers ask: which reviews wait for me; and what is due.

Reads are hints: a claim is decided from folded facts, never from these rows.
"""

from typing import Any

from services.review.read_models.allocating import Caps, dependent, world_of
from services.review.read_models.conflicting import conflicting, conflicts_found
from services.review.read_models.queries import (
    START,
    ended_leases,
    held_by,
    not_judged_in_time,
    queue_of,
    recalled_now,
)
from services.review.read_models.rows import (
    ReviewerRow,
    ReviewRow,
    follow_review,
    follow_reviewer,
    review_of,
    reviewer_of,
)
from services.review.read_models.work import (
    NOBODY,
    OverdueRow,
    ReferredRow,
    ShareRow,
    WorkRow,
    overdue_reviews,
    referred_reviews,
    shares_of,
    work_of,
)
from shared.projector import ReadModel

ALL: tuple[ReadModel[Any], ...] = (
    ReadModel(table="review", row=ReviewRow, key=review_of, fold=follow_review),
    ReadModel(table="reviewer", row=ReviewerRow, key=reviewer_of, fold=follow_reviewer),
)

__all__ = [
    "ALL",
    "NOBODY",
    "START",
    "Caps",
    "OverdueRow",
    "ReferredRow",
    "ReviewRow",
    "ReviewerRow",
    "ShareRow",
    "WorkRow",
    "conflicting",
    "conflicts_found",
    "dependent",
    "ended_leases",
    "follow_review",
    "follow_reviewer",
    "held_by",
    "not_judged_in_time",
    "overdue_reviews",
    "queue_of",
    "recalled_now",
    "referred_reviews",
    "shares_of",
    "work_of",
    "world_of",
]
