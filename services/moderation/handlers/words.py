"""What people write to moderation, in clear, on its way to the vault or back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.moderation.domain.judgement import Evidence
from services.moderation.domain.rules import Rules
from shared.contracts.feedback import Words as Text
from shared.contracts.portfolio import FileReference, Passage
from shared.vocabulary import CohortId, CriterionKey, Level, PersonId

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
