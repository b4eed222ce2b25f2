"""What a moderator sees after judging, and what the lead decides on."""

from typing import Literal, Self

from pydantic import BaseModel, RootModel

from services.moderation.domain.deciding import OtherWork
from services.moderation.domain.events import BlindJudgementRecorded
from services.moderation.domain.judgement import Evidence
from shared.contracts.feedback import Feedback
from shared.vocabulary import CriterionKey, Level, Outcome


class Rationale(RootModel[dict[CriterionKey, str]]):
    """Why a moderator judged so, criterion by criterion."""


class Marks(BaseModel):
    """One person's judgement; the words only where the reader may see them."""

    levels: dict[CriterionKey, Level]
    outcome: Outcome
    rationale: dict[CriterionKey, str] | None = None
    evidence: Evidence | None = None

    @classmethod
    def of_moderator(
        cls, judgement: BlindJudgementRecorded, words: Rationale | None
    ) -> Self:
        """Return a moderator's judgement with its words; None when they are erased."""
        return cls(
            levels=judgement.levels,
            outcome=judgement.outcome,
            rationale=words.root if words else None,
            evidence=judgement.evidence,
        )


class ComparedCase(BaseModel):
    """A case after this moderator judged it: their marks beside the reviewer's."""

    state: Literal["compared"] = "compared"
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    mine: Marks
    reviewer: Marks
    outcome: Outcome | None
    """What stands; None until the case is settled."""
    feedback: Feedback | None = None
    """What the reviewer wrote for the participant; None until the case is settled."""


class Decision(BaseModel):
    """How a case was settled."""

    outcome: Outcome
    decided_by: str | None
    reason: str | None
    other_work: OtherWork | None
    other_work_reason: str | None


class LeadCase(BaseModel):
    """A case as the lead decides on it: every judgement, with its words."""

    state: Literal["lead"] = "lead"
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    snapshot_sha256: str
    reviewer_id: str
    reviewer: Marks
    feedback: Feedback | None
    """What the reviewer wrote for the participant."""
    moderators: dict[str, Marks]
    decision: Decision | None
    is_released: bool
    returned_because: str | None = None
    """What the reviewer was asked for, when the judgement was returned."""
