"""What can happen to somebody's standing as a moderator."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import CaseId, OrganisationId, PersonId

ModeratorRole: TypeAlias = Literal["moderator", "lead_moderator"]


class AppointmentNoted(Fact):
    """The directory says that this person may act in this role."""

    type: Literal["moderation.AppointmentNoted"] = "moderation.AppointmentNoted"
    person_id: PersonId
    role: ModeratorRole
    organisation_id: OrganisationId | None


class EmployerNoted(Fact):
    """A moderator works for another organisation from now on."""

    type: Literal["moderation.EmployerNoted"] = "moderation.EmployerNoted"
    person_id: PersonId
    organisation_id: OrganisationId


class MenteeNoted(Fact):
    """This person supports a participant, and may never judge them."""

    type: Literal["moderation.MenteeNoted"] = "moderation.MenteeNoted"
    person_id: PersonId
    participant_id: PersonId
    case_id: CaseId
    """The case in which they were nominated; it holds for every case."""


StandingEvent: TypeAlias = AppointmentNoted | EmployerNoted | MenteeNoted
