"""What somebody can ask of a drawn case."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.deciding import Given
from services.moderation.domain.decisions import USUAL, Asked
from services.moderation.domain.judgement import (
    Evidence,
    JudgedCase,
    Visibility,
)
from services.moderation.domain.outcomes import WhyAfresh
from services.moderation.domain.recalls import WhyRecalled
from services.moderation.domain.standing.evolve import Standing
from shared.holds import Holds
from shared.personal import Personal
from shared.vocabulary import CriterionKey, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who acts, with the standing that facts give them."""

    person_id: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Have the case judged a second time."""

    judged: JudgedCase
    criterion_gap: int
    recallable_until: datetime | None = None
    """Of a fresh review: nobody takes it earlier, as its outcome is told at once."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCase:
    """Hold the case, or hold it longer."""

    by: Colleague
    token: UUID
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBackCase:
    """Give the case back without judging it."""

    by: Colleague
    token: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlindJudgement:
    """Judge the case before any other mark is shown."""

    by: Colleague
    token: UUID | None
    levels: dict[CriterionKey, Level]
    rationale: Personal[str]
    evidence: Evidence
    visible: Visibility
    is_second_drawn: bool = False
    """Of a first judgement: a second moderator was drawn for it."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCase:
    """Decide about a case that was compared, as the lead or as `decisions` allow."""

    by: Colleague
    asked: type[Asked]
    given: Given
    allowed: tuple[str, ...] = USUAL
    """By the plan of the cohort."""

    @property
    def at(self) -> datetime:
        """When it was asked for."""
        return self.given.occurred_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RejudgeCase:
    """Take in the new judgement of a review that was returned."""

    judged: JudgedCase
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecall:
    """Know that a reviewer took their judgement back."""

    case_id: str
    attempt: int
    review_id: str
    reviewer_id: str
    token: int
    due_at: datetime
    because: WhyRecalled = "recalled"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewJudgement:
    """Take in the judgement that comes instead of one that was taken back."""

    judged: JudgedCase
    recallable_until: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase:
    """Let nothing of this round be judged, released or told any more."""

    case_id: str
    attempt: int
    withdrawn_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantFreshReview:
    """Have the portfolio judged afresh after an appeal, or for a conflict."""

    case_id: str
    attempt: int
    appeal_id: str
    excluded: tuple[str, ...]
    because: WhyAfresh = "appeal"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOutcome:
    """Tell the outcome; *judged* is used when the case was never drawn."""

    judged: JudgedCase
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowHolds:
    """Let the case be due later by the days on which its clocks stood still."""

    holds: Holds
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOverdue:
    """Say that the case was not settled in time, unless its clocks stand still."""

    holds: Holds
    lead_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTake:
    """Take the case from a moderator who is paused."""

    moderator_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecheck:
    """As the lead: have a settled case judged again that a paused moderator judged."""

    by: Colleague
    paused: frozenset[str]
    """Who of those who judged it is paused now."""
    reason: Personal[str]
    at: datetime


CaseCommand: TypeAlias = (
    OpenCase
    | TakeCase
    | HandBackCase
    | RecordBlindJudgement
    | DecideCase
    | RejudgeCase
    | NoteRecall
    | RenewJudgement
    | WithdrawCase
    | WantFreshReview
    | ReleaseOutcome
    | FollowHolds
    | MarkOverdue
    | EndTake
    | OrderRecheck
)
