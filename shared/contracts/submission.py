"""What submission tells the others."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage, PersonMessage
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CohortId,
    ContributionKind,
    OrganisationId,
    PersonId,
    Role,
    Sha256,
)


class PersonRegistered(PersonMessage):
    """Somebody is in the directory."""

    type: Literal["submission.PersonRegistered.v1"] = "submission.PersonRegistered.v1"
    organisation_id: OrganisationId | None


class RoleGranted(PersonMessage):
    """A person may act in a role."""

    type: Literal["submission.RoleGranted.v1"] = "submission.RoleGranted.v1"
    role: Role
    organisation_id: OrganisationId | None


class OrganisationStated(PersonMessage):
    """Somebody works for this organisation from now on."""

    type: Literal["submission.OrganisationStated.v1"] = (
        "submission.OrganisationStated.v1"
    )
    organisation_id: OrganisationId


class Enrolled(CaseMessage):
    """A person takes part in a cohort, under these versions of its rules."""

    type: Literal["submission.Enrolled.v1"] = "submission.Enrolled.v1"
    participant_id: PersonId
    cohort_id: CohortId
    organisation_id: OrganisationId
    programme: str
    programme_version: str
    policy_version: str


class MentorNominated(CaseMessage):
    """Somebody supports a participant and may never judge them."""

    type: Literal["submission.MentorNominated.v1"] = "submission.MentorNominated.v1"
    participant_id: PersonId
    mentor_id: PersonId


class FeedbackRequested(CaseMessage):
    """Somebody is asked, through a one-time link, what they saw of the work."""

    type: Literal["submission.FeedbackRequested.v1"] = "submission.FeedbackRequested.v1"
    request_id: str
    contribution: ContributionKind
    expires_at: AwareDatetime


class StatementRequested(CaseMessage):
    """A mentor or manager is asked, through a one-time link, for their statement."""

    type: Literal["submission.StatementRequested.v1"] = (
        "submission.StatementRequested.v1"
    )
    request_id: str
    contribution: ContributionKind
    expires_at: AwareDatetime


class DeadlineMoved(CaseMessage):
    """What was handed in may be reviewed from another moment on. Source: S2 4.4."""

    type: Literal["submission.DeadlineMoved.v1"] = "submission.DeadlineMoved.v1"
    attempt: Attempt
    review_opens_at: AwareDatetime


class Submitted(CaseMessage):
    """A portfolio is handed in; its snapshot never changes."""

    type: Literal["submission.Submitted.v1"] = "submission.Submitted.v1"
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
    fairness: dict[str, str] = Field(default_factory=dict)
    """Coarse attributes with closed values, by key of the programme file."""
    snapshot_sha256: Sha256
    """Content hash of the snapshot."""
    snapshot_path: str
    """Where ``shared.evidence`` keeps it."""
    submitted_at: AwareDatetime
    review_opens_at: AwareDatetime
    """End of the cohort's deadline: review starts after it. Source: S2 4.4."""


class ReminderDue(CaseMessage):
    """A date of the participant comes near."""

    type: Literal["submission.ReminderDue.v1"] = "submission.ReminderDue.v1"
    participant_id: PersonId
    about: Literal["submission", "resubmission"]
    closes_on: date
    """The last day, until 24:00 in London."""
    days_left: int = Field(ge=0)


class Withdrawn(CaseMessage):
    """The participant takes no further part; nothing more is decided or sent."""

    type: Literal["submission.Withdrawn.v1"] = "submission.Withdrawn.v1"
    withdrawn_at: AwareDatetime


class ResubmissionOpened(CaseMessage):
    """The criteria are not met: one free resubmission until the end of a day.

    Source: S2 6.2.1.
    """

    type: Literal["submission.ResubmissionOpened.v1"] = (
        "submission.ResubmissionOpened.v1"
    )
    participant_id: PersonId
    cohort_id: CohortId
    programme: str
    programme_version: str
    policy_version: str
    closes_on: date
    """The last day, until 24:00 in London."""
    outcome_released_at: AwareDatetime
    feedback: Personal[str]
    """What the letter says, as moderation released it; sealed for the participant."""


class ResubmissionLapsed(CaseMessage):
    """Nothing was handed in while the window was open."""

    type: Literal["submission.ResubmissionLapsed.v1"] = (
        "submission.ResubmissionLapsed.v1"
    )
    closed_on: date


class RestartRequired(CaseMessage):
    """Only a new portfolio in the next cohort can bring the award, for a fee.

    Source: S2 6.2.3.
    """

    type: Literal["submission.RestartRequired.v1"] = "submission.RestartRequired.v1"
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    reason: Literal["resubmission_late", "criteria_not_met_again", "viva_not_passed"]
    outcome_released_at: AwareDatetime | None = None
    """When the decision was released that led here, where one did."""
    feedback: Personal[str] | None = None
    """What the letter says after a second CNM; sealed for the participant."""


SubmissionMessage: TypeAlias = Annotated[
    PersonRegistered
    | RoleGranted
    | OrganisationStated
    | Enrolled
    | MentorNominated
    | FeedbackRequested
    | StatementRequested
    | DeadlineMoved
    | Submitted
    | ReminderDue
    | Withdrawn
    | ResubmissionOpened
    | ResubmissionLapsed
    | RestartRequired,
    Field(discriminator="type"),
]
