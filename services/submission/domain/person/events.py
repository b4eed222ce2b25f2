"""What can happen to a person in the directory."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import CaseId, OrganisationId, PersonId, Role, Sha256


class PersonRegistered(Fact):
    """Somebody is in the directory."""

    type: Literal["submission.PersonRegistered"] = "submission.PersonRegistered"
    person_id: PersonId
    organisation_id: OrganisationId | None
    address_hash: Sha256
    """HMAC of the address, so that one mailbox is one person."""
    name: Personal[str]
    email: Personal[str]


class OrganisationStated(Fact):
    """A registered person works for this organisation from now on."""

    type: Literal["submission.OrganisationStated"] = "submission.OrganisationStated"
    person_id: PersonId
    organisation_id: OrganisationId


class RoleGranted(Fact):
    """A person may act in a role."""

    type: Literal["submission.RoleGranted"] = "submission.RoleGranted"
    person_id: PersonId
    role: Role
    organisation_id: OrganisationId | None
    """Where the person works, as known when the role was granted."""


class PlaceTaken(Fact):
    """A person takes part in a cohort; whether still, their case tells."""

    type: Literal["submission.PlaceTaken"] = "submission.PlaceTaken"
    person_id: PersonId
    case_id: CaseId


PersonEvent: TypeAlias = (
    PersonRegistered | OrganisationStated | RoleGranted | PlaceTaken
)
