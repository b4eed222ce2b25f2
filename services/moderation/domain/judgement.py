"""Values that moderation's facts share: a judged case, and what a moderator cites."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.portfolio import EvidenceId, SectionKey
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


class Passage(Value):
    """Words of a section, cited by where they stand in the snapshot."""

    kind: Literal["passage"] = "passage"
    snapshot_sha256: Sha256
    section: SectionKey
    start: int = Field(ge=0)
    """First character, in code points of the section's text."""
    end: int = Field(ge=1)
    """First character that is no longer cited."""


class FileReference(Value):
    """An evidence file, or one page of it."""

    kind: Literal["file"] = "file"
    snapshot_sha256: Sha256
    evidence_id: EvidenceId
    content_hash: Sha256
    page: int | None = Field(default=None, ge=1)


EvidenceReference: TypeAlias = Annotated[
    Passage | FileReference, Field(discriminator="kind")
]
"""What a judgement rests on; names, numbers and hashes only."""

Evidence: TypeAlias = dict[CriterionKey, tuple[EvidenceReference, ...]]


class Visibility(Value):
    """What the second marker could see: exactly this, and nothing else."""

    snapshot_sha256: Sha256
    fields: tuple[str, ...]
    """Names of the fields that any answer to a moderator held before recording."""
