"""What somebody can ask of a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.review.domain.allocation.commands import AllocationCommand, Holder
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.events import Modification, SecondAttemptBy
from services.review.domain.late import ConflictDecision
from services.review.domain.reviewer.evolve import Reviewer
from shared.contracts.portfolio import EvidenceReference
from shared.personal import Personal
from shared.vocabulary import CriterionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReview:
    """Let a portfolio be judged."""

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    participant_id: str
    participant_organisation_id: str
    mentor_id: str | None
    programme: str
    programme_version: str
    policy_version: str
    template: str
    role_context: str | None
    adjusted: bool
    fairness: Mapping[str, str]
    snapshot_sha256: str
    snapshot_path: str
    submitted_at: datetime
    review_opens_at: datetime
    due_at: datetime
    excluded: tuple[str, ...] = ()
    """Who took part before and may not judge; only of a fresh review."""
    only_by: str | None = None
    """Who alone may claim it; None when anybody may."""
    although_paused: bool = False
    """They may judge it while they are given nothing else."""
    second_attempt_by: SecondAttemptBy
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReview:
    """Hold the review for the length of a lease."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    kept_for: Reviewer | None
    """Whom it was given or returned to; None when it is anybody's."""
    asked: Reviewer | None = None
    """Who alone is asked for it; None when it is anybody."""
    lease_minutes: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendClaim:
    """Stay active: read on."""

    by: Holder
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseClaim:
    """Give the review back."""

    by: Holder
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseClaim:
    """Take the review back when the lease of this token has ended."""

    token: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCriterion:
    """Judge one criterion, or judge it again."""

    by: Holder
    criterion: CriterionKey
    level: int
    rationale: Personal[str] | None
    """None when nothing was written."""
    evidence: tuple[EvidenceReference, ...]
    modifications: tuple[Modification, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFeedback:
    """Write what the participant is to read, or write it again."""

    by: Holder
    text: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteReview:
    """Make the judgement final."""

    by: Holder
    borderline: bool
    feedback: Personal[str] | None
    """Composed of the draft and the judgements; None while they are not complete."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndClaim:
    """Take the review from a holder who may not judge it, or nothing at present."""

    reviewer_id: str
    because: Literal["nominated_as_mentor", "paused", "earlier_part"] = (
        "nominated_as_mentor"
    )
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOpening:
    """Let the review open later, unless somebody holds it."""

    review_opens_at: datetime
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReview:
    """Let nobody judge this any more: the participant has withdrawn."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenReview:
    """Return a judgement to its reviewer, who is to judge again."""

    reviewer_id: str
    token: int | None = None
    """Of the judgement that is returned; None when moderation did not know it."""
    reason: Personal[str]
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallJudgement:
    """Take back a judgement shortly after it was made final, to judge again."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    reason: Personal[str] | None
    """None when nothing was said."""
    recall_minutes: int
    lease_minutes: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJudgement:
    """Let a judgement stand that was taken back: its outcome is told."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowHolds:
    """Let the review be due later for as long as the clocks of its case stood still."""

    assessment: Assessment
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOverdue:
    """Say once that the review was not judged in time."""

    assessment: Assessment
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindConflict:
    """See whether who holds the review, or has judged it, still may."""

    reviewer_id: str
    reviewer: Reviewer
    assessment: Assessment
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideConflict:
    """As the lead: say what follows from a conflict told after the release."""

    decision: ConflictDecision
    reason: Personal[str]
    by: str
    at: datetime


HeldCommand: TypeAlias = (
    ExtendClaim | ReleaseClaim | JudgeCriterion | DraftFeedback | CompleteReview
)
"""What only the holder of the claim may ask."""

TurnCommand: TypeAlias = (
    LapseClaim
    | EndClaim
    | MoveOpening
    | FollowHolds
    | CloseReview
    | ReopenReview
    | RestoreJudgement
    | MarkOverdue
    | FindConflict
)
"""What comes from a clock or from another service."""

ReviewCommand: TypeAlias = (
    RequestReview
    | ClaimReview
    | RecallJudgement
    | TurnCommand
    | HeldCommand
    | AllocationCommand
    | DecideConflict
)
