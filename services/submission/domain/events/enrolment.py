"""How somebody comes to take part, and who supports them."""

from typing import Literal, TypeAlias

from pydantic import Field

from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import CaseId, CohortId, OrganisationId, PersonId, Sha256

Entry: TypeAlias = Literal["application", "office", "open", "restart"]
"""Found eligible; entered by the office without that; no application is asked; or with
a new portfolio after an earlier case. Source: S0, S2 6.2.3."""

Eligibility: TypeAlias = Literal["eligible", "refused"]
"""What the panel decides about an application. Source: S0."""


class FormFile(Value):
    """An application form as it was sent, and where it is kept."""

    name: Personal[str]
    media_type: str
    size_bytes: int = Field(gt=0)
    content_hash: Sha256
    """HMAC-SHA-256 under a key derived from the person's key."""
    path: str
    """Where the evidence store keeps the ciphertext."""


class ApplicationReceived(Fact):
    """Somebody asks to take part in a cohort of a programme."""

    type: Literal["submission.ApplicationReceived"] = "submission.ApplicationReceived"
    case_id: CaseId
    person_id: PersonId
    cohort_id: CohortId
    programme: str
    programme_version: str
    policy_version: str
    answered: tuple[str, ...]
    """Keys of the programme's requirements that the form answers."""
    answers: Personal[str]
    """What the form says."""
    form: FormFile | None = None
    """The document itself, where it came as one."""


class EligibilityDecided(Fact):
    """The panel decided whether an applicant may take part."""

    type: Literal["submission.EligibilityDecided"] = "submission.EligibilityDecided"
    decision: Eligibility
    reason: str | None
    """Key of the requirement that is not met; None for who is eligible."""
    decided_by: PersonId


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
    entry: Entry = "open"
    restart_of: CaseId | None = None
    """The case that could only go on as this one. Source: S2 6.2.3."""


class MentorNominated(Fact):
    """Somebody supports the participant, and may never judge them."""

    type: Literal["submission.MentorNominated"] = "submission.MentorNominated"
    case_id: CaseId
    participant_id: PersonId
    mentor_id: PersonId


class MentorAsked(Fact):
    """A participant without a mentor asks the programme to appoint one."""

    type: Literal["submission.MentorAsked"] = "submission.MentorAsked"
    asked_by: PersonId


class MentorAppointed(Fact):
    """The programme appointed somebody to support the participant. Source: S1."""

    type: Literal["submission.MentorAppointed"] = "submission.MentorAppointed"
    case_id: CaseId
    participant_id: PersonId
    mentor_id: PersonId
    appointed_by: PersonId


MentorEvent: TypeAlias = MentorNominated | MentorAsked | MentorAppointed
"""Who supports the participant."""
