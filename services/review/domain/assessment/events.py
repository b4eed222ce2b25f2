"""What is known of a case whichever of its reviews it concerns.

Messages of other services may come before the review that they are about; they are
kept here and take effect when it is requested.
"""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, PersonId


class ReviewListed(Fact):
    """The case has this review."""

    type: Literal["review.ReviewListed"] = "review.ReviewListed"
    case_id: CaseId
    review_id: str
    attempt: Attempt


class LaterOpeningNoted(Fact):
    """What is handed in at this attempt may be reviewed from later on.

    Source: S2 4.4.
    """

    type: Literal["review.LaterOpeningNoted"] = "review.LaterOpeningNoted"
    case_id: CaseId
    attempt: Attempt
    review_opens_at: AwareDatetime


class WithdrawalNoted(Fact):
    """The participant has withdrawn: nothing of the case is judged any more."""

    type: Literal["review.WithdrawalNoted"] = "review.WithdrawalNoted"
    case_id: CaseId
    withdrawn_at: AwareDatetime


class FreshReviewNoted(Fact):
    """Moderation wants one more review, by somebody who had no part in the case."""

    type: Literal["review.FreshReviewNoted"] = "review.FreshReviewNoted"
    case_id: CaseId
    attempt: Attempt
    number: int = Field(ge=2)
    excluded: tuple[PersonId, ...]
    """Everyone who took part."""


class JudgeNoted(Fact):
    """This reviewer has judged this review of the case."""

    type: Literal["review.JudgeNoted"] = "review.JudgeNoted"
    case_id: CaseId
    review_id: str
    reviewer_id: PersonId


class ReleaseNoted(Fact):
    """The outcome of this review is released: its judgement is final."""

    type: Literal["review.ReleaseNoted"] = "review.ReleaseNoted"
    case_id: CaseId
    review_id: str


class AdviceNoted(Fact):
    """The participant was told this about an attempt; the last one counts."""

    type: Literal["review.AdviceNoted"] = "review.AdviceNoted"
    case_id: CaseId
    attempt: Attempt
    feedback: Personal[str]
    released_at: AwareDatetime


class HoldNoted(Fact):
    """The office stopped the clocks of the case."""

    type: Literal["review.HoldNoted"] = "review.HoldNoted"
    case_id: CaseId
    hold_id: str
    placed_at: AwareDatetime


class HoldEndNoted(Fact):
    """The office let the clocks of the case run on."""

    type: Literal["review.HoldEndNoted"] = "review.HoldEndNoted"
    case_id: CaseId
    hold_id: str
    lifted_at: AwareDatetime


class ConflictOverridden(Fact):
    """The lead lets somebody judge this review despite a conflict they declared."""

    type: Literal["review.ConflictOverridden"] = "review.ConflictOverridden"
    case_id: CaseId
    review_id: str
    reviewer_id: PersonId
    allowed_by: PersonId
    reason: Personal[str]


AssessmentEvent: TypeAlias = (
    ReviewListed
    | LaterOpeningNoted
    | WithdrawalNoted
    | FreshReviewNoted
    | JudgeNoted
    | ReleaseNoted
    | AdviceNoted
    | HoldNoted
    | HoldEndNoted
    | ConflictOverridden
)
