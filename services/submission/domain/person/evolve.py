"""How facts add up to what the directory knows of a person."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from services.submission.domain.person.events import (
    OrganisationStated,
    PersonEvent,
    PersonRegistered,
    PlaceTaken,
    RoleGranted,
)
from shared.personal import Personal
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody with this id is in the directory."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody in the directory."""

    organisation_id: str | None
    address_hash: str
    name: Personal[str]
    email: Personal[str]
    roles: frozenset[Role] = frozenset()
    places: frozenset[str] = frozenset()
    """Ids of the cases they take or took part in."""


Person: TypeAlias = Unknown | Registered

INITIAL: Person = Unknown()


def evolve(state: Person, event: PersonEvent) -> Person:
    """Return *state* as it is after *event*."""
    match event:
        case PersonRegistered():
            return Registered(
                organisation_id=event.organisation_id,
                address_hash=event.address_hash,
                name=event.name,
                email=event.email,
            )
        case OrganisationStated() if isinstance(state, Registered):
            return replace(state, organisation_id=event.organisation_id)
        case RoleGranted() if isinstance(state, Registered):
            return replace(state, roles=state.roles | {event.role})
        case PlaceTaken() if isinstance(state, Registered):
            return replace(state, places=state.places | {event.case_id})
        case OrganisationStated() | RoleGranted() | PlaceTaken():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(event)
