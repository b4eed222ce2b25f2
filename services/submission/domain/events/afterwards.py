"""What comes of a case once it was judged, and how it ends."""

from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.submission.domain.events.office import Side
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, CohortId, Outcome, PersonId

RestartReason: TypeAlias = Literal[
    "resubmission_late", "criteria_not_met_again", "viva_not_passed"
]
"""Why only a new portfolio can bring the award. Source: S2 6.2.3, domain.md (P)."""


class OutcomeNoted(Fact):
    """Moderation released a decision, or replaced one."""

    type: Literal["submission.OutcomeNoted"] = "submission.OutcomeNoted"
    message_id: UUID
    attempt: Attempt
    outcome: Outcome
    is_revision: bool
    released_at: AwareDatetime
    feedback: Personal[str]


class VivaNotPassedNoted(Fact):
    """A viva was not passed."""

    type: Literal["submission.VivaNotPassedNoted"] = "submission.VivaNotPassedNoted"
    number: int = Field(ge=1)
    last: bool


class AwardNoted(Fact):
    """The participant holds the status: the case has reached its aim."""

    type: Literal["submission.AwardNoted"] = "submission.AwardNoted"
    award_id: str
    conferred_at: AwareDatetime


class ResubmissionOpened(Fact):
    """One free resubmission, until the end of a day. Source: S2 6.2.1."""

    type: Literal["submission.ResubmissionOpened"] = "submission.ResubmissionOpened"
    case_id: CaseId
    participant_id: PersonId
    cohort_id: CohortId
    programme: str
    programme_version: str
    policy_version: str
    opened_on: date
    """The day of the release in London."""
    runs_until: date
    """The last day for everybody, before adjustments and holds."""
    closes_on: date
    """The last day for this participant, as known when the window opened."""
    outcome_released_at: AwareDatetime
    feedback: Personal[str]


class ResubmissionClosed(Fact):
    """The decision was revised: there is nothing to resubmit any more."""

    type: Literal["submission.ResubmissionClosed"] = "submission.ResubmissionClosed"
    case_id: CaseId


class ResubmissionLapsed(Fact):
    """Nothing was handed in while the window was open. Source: S2 6.2.3."""

    type: Literal["submission.ResubmissionLapsed"] = "submission.ResubmissionLapsed"
    case_id: CaseId
    closed_on: date


class RestartRequired(Fact):
    """Only a new portfolio in the next cohort can bring the award, for a fee."""

    type: Literal["submission.RestartRequired"] = "submission.RestartRequired"
    case_id: CaseId
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    reason: RestartReason
    outcome_released_at: AwareDatetime | None
    feedback: Personal[str] | None
    """What the letter says after a second CNM."""


class RestartRevoked(Fact):
    """The decision that led to the restart was revised."""

    type: Literal["submission.RestartRevoked"] = "submission.RestartRevoked"
    case_id: CaseId


class FeePaid(Fact):
    """The administration fee of a restart was received. Source: S2 6.2.3."""

    type: Literal["submission.FeePaid"] = "submission.FeePaid"
    case_id: CaseId
    amount_pence: int = Field(ge=0)
    recorded_by: PersonId


class Withdrawn(Fact):
    """The participant takes no further part."""

    type: Literal["submission.Withdrawn"] = "submission.Withdrawn"
    case_id: CaseId
    by: Side
    withdrawn_by: PersonId


NotedEvent: TypeAlias = OutcomeNoted | VivaNotPassedNoted | AwardNoted
"""What the others decided; noted in whatever order it is heard."""

FollowUpEvent: TypeAlias = (
    ResubmissionOpened
    | ResubmissionClosed
    | ResubmissionLapsed
    | RestartRequired
    | RestartRevoked
)
"""What follows from it."""
