"""What submission tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import Message
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    OrganisationId,
    PersonId,
    Role,
    Sha256,
)


class PersonRegistered(Message):
    """Somebody is in the directory."""

    type: Literal["submission.PersonRegistered.v1"] = "submission.PersonRegistered.v1"
    person_id: PersonId
    organisation_id: OrganisationId | None

    @property
    def key(self) -> str:
        """The person."""
        return self.person_id


class RoleGranted(Message):
    """A person may act in a role."""

    type: Literal["submission.RoleGranted.v1"] = "submission.RoleGranted.v1"
    person_id: PersonId
    role: Role
    organisation_id: OrganisationId | None

    @property
    def key(self) -> str:
        """The person."""
        return self.person_id


class Submitted(Message):
    """A portfolio is handed in; its snapshot never changes."""

    type: Literal["submission.Submitted.v1"] = "submission.Submitted.v1"
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    person_id: PersonId
    organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    template: str
    role_context: str | None
    """Deployment model stated by the participant. Source: S3."""
    adjusted: bool = False
    """True when an adjustment changed a clock of this case."""
    snapshot_sha256: Sha256
    """Content hash of the snapshot."""
    snapshot_path: str
    """Where ``shared.evidence`` keeps it."""
    submitted_at: AwareDatetime
    review_opens_at: AwareDatetime
    """End of the cohort's deadline: review starts after it. Source: S2 4.4."""

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


SubmissionMessage: TypeAlias = Annotated[
    PersonRegistered | RoleGranted | Submitted, Field(discriminator="type")
]
