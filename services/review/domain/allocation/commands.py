"""What the office and the clock can ask of who a review is kept for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.review.domain.assessment.evolve import Assessment
from services.review.domain.reviewer.evolve import Reviewer
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes: the reviewer as folded now, and the token they show."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    token: int | None
    """None when they show none."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverReview:
    """Give the review that one holds to a colleague."""

    by: Holder
    to_id: str
    to: Reviewer
    reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferReview:
    """Ask the lead moderator who is to judge the review that one holds."""

    by: Holder
    note: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverReview:
    """Take the review from who has it, and give it to somebody else or to anybody."""

    by: str
    by_role: Literal["operations", "lead_moderator"]
    to: tuple[str, Reviewer] | None
    """Who gets it, as folded now; None: anybody may claim it."""
    assessment: Assessment
    reason: Personal[str]
    at: datetime


AllocationCommand: TypeAlias = (
    AllocateReview
    | WithdrawAllocation
    | FreeAllocation
    | HandOverReview
    | ReferReview
    | TakeOverReview
)
