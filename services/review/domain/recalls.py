"""A judgement that is taken back: it stays a fact, and does not stand any more."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, PersonId


class Recalled(Fact):
    """The reviewer took back what they had completed, to judge it again."""

    type: Literal["review.Recalled"] = "review.Recalled"
    review_id: str
    case_id: CaseId
    attempt: Attempt
    reviewer_id: PersonId
    token: int
    """Of the claim under which the judgement was made."""
    reason: Personal[str] | None
    """What the reviewer said about it, if anything."""
    due_at: AwareDatetime


class JudgementRestored(Fact):
    """The outcome was told before the recall was heard of: the judgement stands."""

    type: Literal["review.JudgementRestored"] = "review.JudgementRestored"
    reviewer_id: PersonId
    token: int
    """Of the claim under which the judgement was made."""


RecallEvent: TypeAlias = Recalled | JudgementRestored
