"""What the office and the clock can ask of who a review is kept for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.review.domain.assessment.evolve import Assessment
from services.review.domain.reviewer.evolve import Reviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateReview:
    """Give the review to a reviewer, who alone may claim it from then on."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    by: str
    """Who gives it: somebody of the office, or the lead moderator."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAllocation:
    """Let anybody claim the review again."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeAllocation:
    """Let anybody claim the review if whom it is kept for may not judge it."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    at: datetime


AllocationCommand: TypeAlias = AllocateReview | WithdrawAllocation | FreeAllocation
