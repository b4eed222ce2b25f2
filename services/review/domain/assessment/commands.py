"""What can be told about the assessment of a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.review.domain.events import Requested
from services.review.domain.reviewer.evolve import Reviewer
from shared.holds import HoldCommand
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReview:
    """Know that the case has this review."""

    case_id: str
    review_id: str
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLaterOpening:
    """Know from when on what is handed in at this attempt may be reviewed."""

    case_id: str
    attempt: int
    review_opens_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWithdrawal:
    """Know that the participant takes no further part."""

    case_id: str
    withdrawn_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFreshReview:
    """Know that one more review is wanted, and who may not make it."""

    case_id: str
    attempt: int
    number: int
    excluded: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteJudge:
    """Know who has judged a review of the case."""

    case_id: str
    review_id: str
    reviewer_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdvice:
    """Know what the participant was told about an attempt."""

    case_id: str
    attempt: int
    feedback: Personal[str]
    released_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRelease:
    """Know that the outcome of a review is released: it is final."""

    case_id: str
    review_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideConflict:
    """As the lead: let somebody judge a review despite a conflict they declared."""

    case_id: str
    about: Requested
    stated_organisation_id: str | None
    """For whom the participant works now, as far as they have stated it."""
    reviewer: Reviewer
    reason: Personal[str]
    allowed_by: str
    at: datetime


NoteCommand: TypeAlias = (
    ListReview
    | NoteLaterOpening
    | NoteWithdrawal
    | NoteFreshReview
    | NoteJudge
    | NoteRelease
    | NoteAdvice
    | HoldCommand
)
"""What others tell of a case."""

AssessmentCommand: TypeAlias = NoteCommand | OverrideConflict
