"""The rules of the directory of people."""

from typing import assert_never

from services.submission.domain.person.commands import (
    GrantRole,
    PersonCommand,
    RegisterPerson,
    StateOrganisation,
    TakePlace,
)
from services.submission.domain.person.events import (
    OrganisationStated,
    PersonEvent,
    PersonRegistered,
    PlaceTaken,
    RoleGranted,
)
from services.submission.domain.person.evolve import (
    INITIAL,
    Person,
    Registered,
    Unknown,
    evolve,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError
from shared.vocabulary import Role

JUDGES: frozenset[Role] = frozenset({"reviewer", "moderator", "lead_moderator"})
"""Roles whose independence is decided, among others, by the organisation."""


class UnknownPersonError(NotFoundError):
    """Nobody with this id is in the directory: register the person first."""


class AddressDiffersError(RuleViolatedError):
    """This person is registered with another address."""


class OrganisationDiffersError(RuleViolatedError):
    """This person is registered with another organisation."""


class OrganisationMissingError(RuleViolatedError):
    """Who judges needs an organisation, or independence cannot be decided."""


def decide(command: PersonCommand, state: Person) -> tuple[PersonEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        AddressDiffersError: the id is taken by somebody with another address.
        OrganisationDiffersError: the person works somewhere else.
        OrganisationMissingError: a judge's organisation is not known.
        UnknownPersonError: a role for somebody who is not registered.
    """
    match command:
        case RegisterPerson():
            return _register(command, state)
        case GrantRole():
            return _grant(command, state)
        case StateOrganisation():
            return _state(command, state)
        case TakePlace():
            return _take(command, state)
        case _:
            assert_never(command)


def _register(command: RegisterPerson, state: Person) -> tuple[PersonEvent, ...]:
    if isinstance(state, Registered):
        return _register_again(command, state)
    return (carry(command, PersonRegistered, occurred_at=command.at),)


def _register_again(
    command: RegisterPerson, state: Registered
) -> tuple[PersonEvent, ...]:
    if state.address_hash != command.address_hash:
        raise AddressDiffersError(person_id=command.person_id)
    if command.organisation_id in {None, state.organisation_id}:
        return ()
    if state.organisation_id is not None:
        raise OrganisationDiffersError(
            person_id=command.person_id, organisation_id=state.organisation_id
        )
    return (carry(command, OrganisationStated, occurred_at=command.at),)


def _grant(command: GrantRole, state: Person) -> tuple[PersonEvent, ...]:
    if isinstance(state, Unknown):
        raise UnknownPersonError(person_id=command.person_id)
    if command.role in state.roles:
        return ()
    if command.role in JUDGES and state.organisation_id is None:
        raise OrganisationMissingError(person_id=command.person_id, role=command.role)
    return (
        RoleGranted(
            person_id=command.person_id,
            role=command.role,
            organisation_id=state.organisation_id,
            occurred_at=command.at,
        ),
    )


def _state(command: StateOrganisation, state: Person) -> tuple[OrganisationStated, ...]:
    """Return the new employer: who judges is independent of the present one."""
    if isinstance(state, Unknown):
        raise UnknownPersonError(person_id=command.person_id)
    if state.organisation_id == command.organisation_id:
        return ()
    return (carry(command, OrganisationStated, occurred_at=command.at),)


def _take(command: TakePlace, state: Person) -> tuple[PlaceTaken, ...]:
    if isinstance(state, Unknown):
        raise UnknownPersonError(person_id=command.person_id)
    if command.case_id in state.places:
        return ()
    return (carry(command, PlaceTaken, occurred_at=command.at),)


person = Decider(category="person", decide=decide, evolve=evolve, initial=INITIAL)
