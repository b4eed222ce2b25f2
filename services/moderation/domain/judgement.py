"""Values that moderation's facts share: a judged case, and what a moderator cites."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared.decider import Value
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    CriterionKey,
    Level,
    OrganisationId,
    Outcome,
    PersonId,
    Sha256,
)

SectionKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class JudgedCase(Value):
    """A completed review, as the reviewer's service told it."""

    judgement_id: UUID
    """Id of the event ``review.Completed``; the draw is by this id."""
    review_id: str
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    reviewer_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    role_context: str | None
    adjusted: bool
    snapshot_sha256: Sha256
    snapshot_path: str
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool
    feedback: Personal[str]
    completed_at: AwareDatetime


class EvidenceReference(Value):
    """A passage of the snapshot, or a page of an evidence file; no words of it.

    Source: domain.md section 2 (section, passage or page, content hash).
    """

    criterion: CriterionKey
    section: SectionKey
    content_hash: Sha256
    """Of the snapshot for a passage, of the file for a page."""
    start: int | None = Field(default=None, ge=0)
    """First code point of the passage in the section's text."""
    end: int | None = Field(default=None, ge=1)
    """The code point after the passage."""
    page: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _points_somewhere(self) -> Self:
        """Refuse a reference that is neither a passage nor a page."""
        is_page = self.page is not None and self.start is None and self.end is None
        is_passage = (
            self.page is None
            and self.start is not None
            and self.end is not None
            and self.start < self.end
        )
        if not (is_page or is_passage):
            message = "give either start and end of a passage, or a page"
            raise ValueError(message)
        return self


class Visibility(Value):
    """What the second marker could see: exactly this, and nothing else."""

    snapshot_sha256: Sha256
    fields: tuple[str, ...]
    """Names of the fields that any answer to a moderator held before recording."""
