"""A portfolio is handed in."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact
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
    fairness: dict[str, str] = Field(default_factory=dict)
    """Coarse attributes with closed values, as the participant stated them."""
    adjusted: bool
    """True when a reasonable adjustment moved this case's deadline."""
    snapshot_sha256: Sha256
    snapshot_path: str
    submitted_at: AwareDatetime
    """When it was received at the edge. Source: architecture.md."""
    review_opens_at: AwareDatetime
    """End of the cohort's deadline. Source: S2 4.4."""
