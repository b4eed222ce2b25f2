"""What becomes of a case as a whole: released, revised, withdrawn, judged afresh."""

import operator
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    ModerationResult,
    Outcome,
    PersonId,
)

WhyAfresh: TypeAlias = Literal["appeal", "conflict"]


def _is_appeal(because: WhyAfresh) -> bool:
    return because == "appeal"


class _Outcome(Fact):
    """A decision, as it may be told to the participant."""

    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    outcome: Outcome
    feedback: Personal[str]
    took_part: tuple[PersonId, ...]
    """Everyone who judged: they may have no later part in the case."""


class OutcomeReleased(_Outcome):
    """The outcome may be told to the participant."""

    type: Literal["moderation.OutcomeReleased"] = "moderation.OutcomeReleased"


class OutcomeRevised(_Outcome):
    """A fresh review after an appeal is confirmed: this outcome counts now."""

    type: Literal["moderation.OutcomeRevised"] = "moderation.OutcomeRevised"
    replaces: Outcome
    """What was released before; the same when the fresh review agrees with it."""
    appeal_id: str
    because: WhyAfresh = Field(default="appeal", exclude_if=_is_appeal)
    review_id: str | None = Field(default=None, exclude_if=operator.not_)
    """The fresh review; None in facts from before it was named."""


class JudgementModerated(Fact):
    """The reviewer may know what came of this judgement of theirs."""

    type: Literal["moderation.JudgementModerated"] = "moderation.JudgementModerated"
    case_id: CaseId
    review_id: str
    reviewer_id: PersonId
    result: ModerationResult
    settled_at: AwareDatetime


class CaseWithdrawn(Fact):
    """The participant has withdrawn: nothing is released or told any more."""

    type: Literal["moderation.CaseWithdrawn"] = "moderation.CaseWithdrawn"
    case_id: CaseId
    attempt: Attempt
    withdrawn_at: AwareDatetime


class FreshReviewWanted(Fact):
    """The portfolio is to be judged afresh, by people with no part in it."""

    type: Literal["moderation.FreshReviewWanted"] = "moderation.FreshReviewWanted"
    case_id: CaseId
    attempt: Attempt
    appeal_id: str
    """Of an appeal, or of what else led to it."""
    number: int = Field(ge=2)
    """Which review of this attempt it is."""
    excluded: tuple[PersonId, ...]
    """Everyone who took part, and the appeal panel."""
    because: WhyAfresh = Field(default="appeal", exclude_if=_is_appeal)
    """An appeal was upheld, or who judged had a conflict that was told afterwards."""


class FreshReviewPostponed(Fact):
    """An appeal was upheld while the case is judged afresh for a conflict.

    Its own fresh review is wanted once the outcome of that one is told.
    """

    type: Literal["moderation.FreshReviewPostponed"] = "moderation.FreshReviewPostponed"
    case_id: CaseId
    attempt: Attempt
    appeal_id: str
    excluded: tuple[PersonId, ...]
    """The appeal panel, and who took part as far as it knew."""


class FreshReviewSetAside(Fact):
    """A fresh review was ordered of what is not released, or is judged afresh now."""

    type: Literal["moderation.FreshReviewSetAside"] = "moderation.FreshReviewSetAside"
    case_id: CaseId
    attempt: Attempt
    appeal_id: str


OutcomeEvent: TypeAlias = (
    OutcomeReleased
    | OutcomeRevised
    | JudgementModerated
    | CaseWithdrawn
    | FreshReviewWanted
    | FreshReviewPostponed
    | FreshReviewSetAside
)
