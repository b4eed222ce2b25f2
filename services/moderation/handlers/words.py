"""What people write to moderation, in clear, on its way to the vault or back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.moderation.domain.decisions import OtherWork
from services.moderation.domain.judgement import Evidence
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.feedback import Feedback
from shared.contracts.portfolio import FileReference, Passage
from shared.vocabulary import CohortId, CriterionKey, Level, PersonId

MAX_TEXT_CHARACTERS = 6_000
"""Longest single text: the same as feedback accepts. Source: shared/contracts."""

Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARACTERS
    ),
]

Cited = Annotated[Passage | FileReference, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who asks, for which round of which case, with which token, and when."""

    case_id: str
    attempt: int
    person_id: str
    token: UUID | None
    at: datetime


class _Words(BaseModel):
    """Words from outside: strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PlanWords(_Words):
    """The plan that a lead publishes; rules not given are the programme's."""

    cohort_id: CohortId
    programme: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{0,63}$")]
    parties: tuple[PersonId, PersonId, PersonId]
    rules: Rules | None = None
    late_because: Text | None = None
    """Why it comes after judgements have arrived; kept only when some have."""

    @model_validator(mode="after")
    def _names_three_people(self) -> Self:
        if len(set(self.parties)) != len(self.parties):
            message = "parties: name three different people"
            raise ValueError(message)
        return self


class BlindWords(_Words):
    """A second judgement, made without having seen another."""

    levels: dict[CriterionKey, Level]
    rationale: dict[CriterionKey, Text]
    evidence: dict[CriterionKey, Annotated[tuple[Cited, ...], Field(max_length=50)]]

    def references(self) -> Evidence:
        """Return what is cited, as facts keep it."""
        return _References.model_validate(
            {"evidence": self.model_dump(include={"evidence"})["evidence"]}
        ).evidence


class _References(BaseModel):
    evidence: Evidence


class Consequence(_Words):
    """What is decided about the reviewer's other work when a result may change."""

    other_work: OtherWork
    """More of it in this cohort is moderated, all that is not released, or no more."""
    other_work_reason: Text
    widen_to_ppm: int = Field(default=PARTS_PER_MILLION, ge=1, le=PARTS_PER_MILLION)


class Overturning(Consequence):
    """What an overturn needs beside its reason."""

    feedback: Feedback


class DecisionWords(_Words):
    """What is decided about a case that was compared."""

    decision: Literal["uphold", "amend", "overturn", "return"]
    reason: Text
    feedback: Feedback | None = None
    """What the participant reads instead; exactly when feedback is amended."""
    overturning: Overturning | None = None
    returning: Consequence | None = None
    """What follows for the reviewer's other work; exactly with a return."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        """Refuse what is missing for the decision, or belongs to another."""
        if (self.decision == "overturn") != (self.overturning is not None):
            message = "overturning: give it exactly when the decision is an overturn"
            raise ValueError(message)
        if (self.decision == "return") != (self.returning is not None):
            message = "returning: give it exactly when the decision is a return"
            raise ValueError(message)
        if (self.decision == "amend") != (self.feedback is not None):
            message = "feedback: give it exactly when the decision is to amend it"
            raise ValueError(message)
        return self

    @property
    def consequence(self) -> Consequence | None:
        """What is decided about the reviewer's other work."""
        return self.overturning or self.returning


class HeldCase(BaseModel):
    """A case as the moderator who holds it sees it: nothing that was judged."""

    state: Literal["held"] = "held"
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    role_context: str | None
    snapshot_sha256: str
    token: UUID
    lease_ends_at: datetime


VISIBLE = (*sorted(HeldCase.model_fields), "portfolio.evidence", "portfolio.sections")
"""What a moderator could see before recording: a case as `HeldCase`, the portfolio."""
