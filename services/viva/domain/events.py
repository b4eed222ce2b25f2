"""What can happen to the viva of a case, and the union of all facts of the service."""

from datetime import date
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.viva.domain.panellist.events import PanellistEvent
from services.viva.domain.round.events import Mode, RoundEvent
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    OrganisationId,
    Outcome,
    PersonId,
    Sha256,
)

Verdict: TypeAlias = Literal["passed", "not_passed"]

Bond: TypeAlias = Literal["participant", "took_part", "mentor", "same_organisation"]
"""What keeps somebody from deciding about a case. Source: domain.md section 1."""


class Conflict(Value):
    """Somebody who may not sit on the panel, and why."""

    person_id: PersonId
    bond: Bond


class TieNoted(Fact):
    """Somebody, or an organisation, is close to the participant."""

    type: Literal["viva.TieNoted"] = "viva.TieNoted"
    mentor_id: PersonId | None
    organisation_id: OrganisationId | None


class PartNoted(Fact):
    """These people hear an appeal about the case: they do not sit on its viva."""

    type: Literal["viva.PartNoted"] = "viva.PartNoted"
    case_id: CaseId
    person_ids: tuple[PersonId, ...] = Field(min_length=1)


class PortfolioNoted(Fact):
    """What was handed in: the panel reads it before the viva."""

    type: Literal["viva.PortfolioNoted"] = "viva.PortfolioNoted"
    case_id: CaseId
    participant_id: PersonId
    attempt: Attempt
    snapshot_sha256: Sha256
    snapshot_path: str


class OutcomeHeard(Fact):
    """Moderation has released a decision about the case, or replaced one."""

    type: Literal["viva.OutcomeHeard"] = "viva.OutcomeHeard"
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    outcome: Outcome
    is_revision: bool
    took_part: tuple[PersonId, ...]
    heard_of: UUID
    """Event id of moderation's fact."""
    released_at: AwareDatetime


class AdjustmentNoted(Fact):
    """The viva takes longer than others, by prior arrangement. Source: S2 6.2.2."""

    type: Literal["viva.AdjustmentNoted"] = "viva.AdjustmentNoted"
    extra_minutes: int = Field(ge=0)
    """What counts from now on; it replaces what was agreed before."""
    noted_by: PersonId


class WithdrawalNoted(Fact):
    """The participant has withdrawn: what was not decided ends here."""

    type: Literal["viva.WithdrawalNoted"] = "viva.WithdrawalNoted"
    withdrawn_at: AwareDatetime


class HoldNoted(Fact):
    """The case is on hold: nothing is offered, booked or decided."""

    type: Literal["viva.HoldNoted"] = "viva.HoldNoted"
    hold_id: str
    placed_at: AwareDatetime


class HoldEndNoted(Fact):
    """A hold is lifted: what it kept back follows."""

    type: Literal["viva.HoldEndNoted"] = "viva.HoldEndNoted"
    hold_id: str
    lifted_at: AwareDatetime


class NewsSetAside(Fact):
    """What another service told came too late to change anything."""

    type: Literal["viva.NewsSetAside"] = "viva.NewsSetAside"
    news: Literal["outcome", "withdrawal", "hold"]
    because: Literal["held", "decided"]


class Offered(Fact):
    """The participant may book a viva."""

    type: Literal["viva.Offered"] = "viva.Offered"
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)


class ReminderDue(Fact):
    """No time is chosen, and the last day to choose one in a round comes near (P)."""

    type: Literal["viva.ReminderDue"] = "viva.ReminderDue"
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)
    round_id: str
    closes_on: date
    """Last day on which a time in the round can be chosen."""
    days_left: int = Field(ge=0)
    mark_days: int = Field(ge=0)
    """Which reminder of the policy it is."""


class OfferWithdrawn(Fact):
    """The criteria are not met after all, and the viva was not held yet."""

    type: Literal["viva.OfferWithdrawn"] = "viva.OfferWithdrawn"
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)


class PanelAppointed(Fact):
    """Two people will hold the viva. Source: S0, S1."""

    type: Literal["viva.PanelAppointed"] = "viva.PanelAppointed"
    case_id: CaseId
    number: int = Field(ge=1)
    lead_id: PersonId
    head_id: PersonId
    instead_of: PersonId | None
    """The lead moderator whom a deputy stands in for, and may not sit."""
    appointed_by: PersonId


class PanelDissolved(Fact):
    """What came to be known keeps somebody from sitting; another panel is needed.

    Where the viva was held already, it is held again.
    """

    type: Literal["viva.PanelDissolved"] = "viva.PanelDissolved"
    case_id: CaseId
    number: int = Field(ge=1)
    conflicts: tuple[Conflict, ...] = Field(min_length=1)


class _Appointment(Fact):
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)
    sequence: int = Field(ge=0)
    """Counts up with every change over the whole case.

    Source: RFC 5545, section 3.8.7.4.
    """
    round_id: str
    slot_id: str
    starts_at: AwareDatetime
    minutes: int = Field(gt=0)
    room_minutes: int = Field(gt=0)
    """How long the slot is."""
    extra_minutes: int = Field(ge=0)
    """How much longer than others it takes."""
    arrangements: tuple[str, ...]
    """What submission says was agreed for vivas of this case, never why."""
    mode: Mode


class Booked(_Appointment):
    """The viva has a time."""

    type: Literal["viva.Booked"] = "viva.Booked"


class Moved(_Appointment):
    """The viva has another time, or another length."""

    type: Literal["viva.Moved"] = "viva.Moved"


class Held(Fact):
    """The viva took place: the first of the panel has said how it went."""

    type: Literal["viva.Held"] = "viva.Held"
    case_id: CaseId
    number: int = Field(ge=1)
    lead_id: PersonId
    head_id: PersonId


class VerdictGiven(Fact):
    """One of the panel has judged, with notes."""

    type: Literal["viva.VerdictGiven"] = "viva.VerdictGiven"
    case_id: CaseId
    number: int = Field(ge=1)
    panellist_id: PersonId
    verdict: Verdict
    notes: Personal[str]


class PanelDisagreed(Fact):
    """The two came to different verdicts: another lead moderator settles it."""

    type: Literal["viva.PanelDisagreed"] = "viva.PanelDisagreed"
    case_id: CaseId
    number: int = Field(ge=1)


class DifferenceSettled(Fact):
    """A lead moderator with no part in the case has decided between the two."""

    type: Literal["viva.DifferenceSettled"] = "viva.DifferenceSettled"
    case_id: CaseId
    number: int = Field(ge=1)
    settled_by: PersonId
    verdict: Verdict
    notes: Personal[str]


class Passed(Fact):
    """The viva was passed."""

    type: Literal["viva.Passed"] = "viva.Passed"
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)
    took_part: tuple[PersonId, ...]


class NotPassed(Fact):
    """The viva was not passed."""

    type: Literal["viva.NotPassed"] = "viva.NotPassed"
    case_id: CaseId
    participant_id: PersonId
    number: int = Field(ge=1)
    last: bool
    """True when no more viva follows: a restart does."""
    took_part: tuple[PersonId, ...]


class AwardConferred(Fact):
    """The participant holds the status. Source: S0, S1."""

    type: Literal["viva.AwardConferred"] = "viva.AwardConferred"
    case_id: CaseId
    participant_id: PersonId
    cohort_id: CohortId
    programme: str
    programme_version: str
    policy_version: str
    award_id: str
    """Number on the certificate."""
    status: str
    grade: str | None
    post_nominals: tuple[str, ...]
    has_certificate: bool
    took_part: tuple[PersonId, ...]
    """The panel; nobody where the programme has no viva."""


class AwardRevoked(Fact):
    """The participant had withdrawn before the decision that led to the award."""

    type: Literal["viva.AwardRevoked"] = "viva.AwardRevoked"
    case_id: CaseId
    participant_id: PersonId
    award_id: str


Appointment: TypeAlias = Booked | Moved

Heard: TypeAlias = (
    TieNoted
    | PartNoted
    | PortfolioNoted
    | OutcomeHeard
    | AdjustmentNoted
    | WithdrawalNoted
    | HoldNoted
    | HoldEndNoted
    | NewsSetAside
)
"""What is known of a case, whatever has come of it."""

VivaEvent: TypeAlias = (
    Heard
    | Offered
    | ReminderDue
    | OfferWithdrawn
    | PanelAppointed
    | PanelDissolved
    | Booked
    | Moved
    | Held
    | VerdictGiven
    | PanelDisagreed
    | DifferenceSettled
    | Passed
    | NotPassed
    | AwardConferred
    | AwardRevoked
)

VivaFact: TypeAlias = Annotated[
    VivaEvent | RoundEvent | PanellistEvent, Field(discriminator="type")
]
"""Every fact this service owns: the registry its codec reads."""
