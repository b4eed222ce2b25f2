"""What can happen to somebody's standing as a moderator."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import OrganisationId, PersonId

ModeratorRole: TypeAlias = Literal["moderator", "lead_moderator"]


class AppointmentNoted(Fact):
    """The directory says that this person may act in this role."""

    type: Literal["moderation.AppointmentNoted"] = "moderation.AppointmentNoted"
    person_id: PersonId
    role: ModeratorRole
    organisation_id: OrganisationId | None


StandingEvent: TypeAlias = AppointmentNoted
