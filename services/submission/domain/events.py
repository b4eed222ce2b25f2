"""What can happen to a case, and the union of every fact this service owns."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.submission.domain.address.events import AddressEvent
from services.submission.domain.clock.events import ClockEvent
from services.submission.domain.cohort.events import CohortEvent
from services.submission.domain.person.events import PersonEvent
from shared.contracts.portfolio import EvidenceId, SectionKey
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    OrganisationId,
    PersonId,
    Sha256,
)

RoleContext: TypeAlias = Literal[
    "deficit", "developmental", "universal", "pan-organisational"
]
"""How the participant is deployed, in their own words. Source: S3."""

ExtensionReason: TypeAlias = Literal[
    "reasonable_adjustment", "exceptional_circumstances", "technical_fault"
]
"""Why one case has a later deadline; details are never here. Source: S2 3.1.1, P."""


class Enrolled(Fact):
    """A person takes part in a cohort, under these versions of its rules."""

    type: Literal["submission.Enrolled"] = "submission.Enrolled"
    case_id: CaseId
    person_id: PersonId
    cohort_id: CohortId
    organisation_id: OrganisationId
    programme: str
    programme_version: str
    policy_version: str


class MentorNominated(Fact):
    """Somebody supports the participant, and may never judge them."""

    type: Literal["submission.MentorNominated"] = "submission.MentorNominated"
    mentor_id: PersonId


class SectionSaved(Fact):
    """A section of the portfolio has this content now; the words are in a blob."""

    type: Literal["submission.SectionSaved"] = "submission.SectionSaved"
    key: SectionKey
    words: int = Field(ge=0)
    pictures: int = Field(ge=0)
    content_hash: Sha256
    path: str


class EvidenceAttached(Fact):
    """A file belongs to the portfolio; its bytes are in the evidence store."""

    type: Literal["submission.EvidenceAttached"] = "submission.EvidenceAttached"
    evidence_id: EvidenceId
    name: Personal[str]
    media_type: str
    size_bytes: int = Field(ge=0)
    content_hash: Sha256
    path: str


class DeadlineMoved(Fact):
    """This one case may be handed in until the end of a later day."""

    type: Literal["submission.DeadlineMoved"] = "submission.DeadlineMoved"
    deadline: date
    reason: ExtensionReason


class Submitted(Fact):
    """The portfolio is handed in; its snapshot never changes."""

    type: Literal["submission.Submitted"] = "submission.Submitted"
    case_id: CaseId
    person_id: PersonId
    cohort_id: CohortId
    organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    attempt: Attempt
    template: str
    role_context: RoleContext | None
    adjusted: bool
    """True when a reasonable adjustment moved this case's deadline."""
    snapshot_sha256: Sha256
    snapshot_path: str
    submitted_at: AwareDatetime
    """When it was received at the edge. Source: architecture.md."""
    review_opens_at: AwareDatetime
    """End of the cohort's deadline. Source: S2 4.4."""


CaseEvent: TypeAlias = (
    Enrolled
    | MentorNominated
    | SectionSaved
    | EvidenceAttached
    | DeadlineMoved
    | Submitted
)

SubmissionFact: TypeAlias = Annotated[
    CaseEvent | CohortEvent | PersonEvent | AddressEvent | ClockEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""
