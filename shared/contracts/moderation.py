"""What moderation tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import Message
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, CohortId, Outcome, PersonId


class OutcomeReleased(Message):
    """A decision is final for now and may be told to the participant."""

    type: Literal["moderation.OutcomeReleased.v1"] = "moderation.OutcomeReleased.v1"
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


ModerationMessage: TypeAlias = Annotated[OutcomeReleased, Field()]
