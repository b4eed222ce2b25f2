"""What can happen to somebody who may sit on panels."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import OrganisationId, PersonId

PanelRole: TypeAlias = Literal["lead_moderator", "panel_member"]
"""A lead moderator, or a Head of programme. Source: S0, S1."""


class PanellistNoted(Fact):
    """The directory says that this person may act in this role."""

    type: Literal["viva.PanellistNoted"] = "viva.PanellistNoted"
    person_id: PersonId
    role: PanelRole
    organisation_id: OrganisationId | None


class EmployerNoted(Fact):
    """Somebody who may sit on panels works for this organisation from now on."""

    type: Literal["viva.EmployerNoted"] = "viva.EmployerNoted"
    person_id: PersonId
    organisation_id: OrganisationId


PanellistEvent: TypeAlias = PanellistNoted | EmployerNoted
