"""What is known of somebody who may hear appeals: stream ``hearer-{person}``."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import OrganisationId, PersonId

HearerRole: TypeAlias = Literal["appeal_panel", "lead_moderator"]


class HearerNoted(Fact):
    """A person may act in this role."""

    type: Literal["appeals.HearerNoted"] = "appeals.HearerNoted"
    person_id: PersonId
    role: HearerRole
    organisation_id: OrganisationId | None
    """None where nobody said for whom they work."""


class EmployerNoted(Fact):
    """The person works for this organisation from now on."""

    type: Literal["appeals.EmployerNoted"] = "appeals.EmployerNoted"
    person_id: PersonId
    organisation_id: OrganisationId


HearerEvent: TypeAlias = HearerNoted | EmployerNoted
