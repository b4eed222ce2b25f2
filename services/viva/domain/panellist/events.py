"""What can happen to somebody who may sit on panels."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact
from shared.vocabulary import CaseId, OrganisationId, PersonId

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


class SittingTaken(Fact):
    """Somebody holds the viva of a case then; it replaces the time before."""

    type: Literal["viva.SittingTaken"] = "viva.SittingTaken"
    person_id: PersonId
    case_id: CaseId
    starts_at: AwareDatetime
    minutes: int = Field(gt=0)


class SittingFreed(Fact):
    """Somebody does not hold the viva of a case, or has held it."""

    type: Literal["viva.SittingFreed"] = "viva.SittingFreed"
    person_id: PersonId
    case_id: CaseId


PanellistEvent: TypeAlias = PanellistNoted | EmployerNoted | SittingTaken | SittingFreed
