"""What moderation tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import Message
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    ModerationResult,
    Outcome,
    PersonId,
)


class _Outcome(Message):
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
    """Content of the letter, sealed for the participant."""
    took_part: tuple[PersonId, ...]
    """Everyone who judged: they may have no later part in the case."""
    released_at: AwareDatetime

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


class OutcomeReleased(_Outcome):
    """A decision is final for now and may be told to the participant."""

    type: Literal["moderation.OutcomeReleased.v1"] = "moderation.OutcomeReleased.v1"


class OutcomeRevised(_Outcome):
    """A released decision was replaced after an appeal; this one counts now."""

    type: Literal["moderation.OutcomeRevised.v1"] = "moderation.OutcomeRevised.v1"
    replaces: Outcome


class ReviewWanted(Message):
    """A portfolio is to be judged afresh by somebody who had no part in it."""

    type: Literal["moderation.ReviewWanted.v1"] = "moderation.ReviewWanted.v1"
    case_id: CaseId
    attempt: Attempt
    number: int = Field(ge=2)
    """Which review of this attempt it is; the first follows a submission."""
    excluded: tuple[PersonId, ...]
    """Everyone who took part so far."""

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


class ReturnOrdered(Message):
    """A judgement goes back to its reviewer, who is to judge again."""

    type: Literal["moderation.ReturnOrdered.v1"] = "moderation.ReturnOrdered.v1"
    case_id: CaseId
    attempt: Attempt
    review_id: str
    reviewer_id: PersonId
    reason: Personal[str]
    """What the moderator asks for; sealed for the participant's case."""

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


class JudgementModerated(Message):
    """A reviewer's judgement was compared and settled; they may know the result."""

    type: Literal["moderation.JudgementModerated.v1"] = (
        "moderation.JudgementModerated.v1"
    )
    case_id: CaseId
    review_id: str
    reviewer_id: PersonId
    result: ModerationResult
    settled_at: AwareDatetime

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


ModerationMessage: TypeAlias = Annotated[
    OutcomeReleased
    | OutcomeRevised
    | ReviewWanted
    | ReturnOrdered
    | JudgementModerated,
    Field(discriminator="type"),
]
