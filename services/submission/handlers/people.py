"""The directory: somebody registered once, with their address and their roles.

Invariant: name and address are sealed before they are part of a command, and one
address leads to one person, whoever registers them first.
"""

from dataclasses import dataclass
from datetime import datetime

from services.submission.domain.address.commands import ClaimAddress
from services.submission.domain.address.decide import AddressTakenError, address
from services.submission.domain.person.commands import (
    GrantRole,
    RegisterPerson,
    StateOrganisation,
)
from services.submission.domain.person.decide import UnknownPersonError, person
from services.submission.domain.person.evolve import Registered, Unknown
from services.submission.handlers.naming import person_id_of
from shared.crypto import Grant, Purpose, Vault
from shared.errors import NotFoundError
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.personal import Erased
from shared.vocabulary import Role

NAME = "contact.name"
EMAIL = "contact.email"
_TO_SEND = Grant(role="service", purpose=Purpose.SEND_LETTER)


class ContactErasedError(NotFoundError):
    """This person was erased: there is no address any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody to be in the directory."""

    name: str
    email: str
    organisation_id: str | None
    roles: tuple[Role, ...]
    person_id: str | None = None
    """None lets it follow from the address."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to write to somebody."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Found:
    """Whom an address or an id leads to, and what is known of them."""

    person_id: str
    address_hash: str
    known: Registered | None


@dataclass(frozen=True, slots=True)
class People:
    """The write side of ``person-`` and ``address-`` streams, and its one opening."""

    handling: Handling
    vault: Vault

    async def register(self, entry: Entry, at: datetime, cause: Cause) -> Handled:
        """Enter somebody with their roles; the answer tells the id.

        Raises:
            AddressError: the address is not of the form name@domain.
            AddressTakenError: it belongs to another person.
            OrganisationDiffersError, OrganisationMissingError: see the decider.
        """
        ids: Ids = {}

        async def build(loader: Loader) -> tuple[Step, ...]:
            nonlocal ids
            found = await self.find(loader, entry.email, entry.person_id)
            ids = {"person_id": found.person_id}
            return await self.steps(found, entry, at)

        return await self.handling.plan(cause.answer(201, lambda _: ids), build)

    async def state_organisation(
        self, command: StateOrganisation, cause: Cause
    ) -> Handled:
        """Say for whom somebody works from now on.

        Raises:
            UnknownPersonError: nobody has this id.
        """
        return await self.handling(
            cause, Step(person, f"person-{command.person_id}", command)
        )

    async def find(
        self, loader: Loader, email: str, person_id: str | None = None
    ) -> Found:
        """Return whom *email* leads to; the decision now depends on it.

        Raises:
            AddressError: the address is not of the form name@domain.
            AddressTakenError: it belongs to somebody other than *person_id*.
        """
        address_hash = self.vault.address_hash(email)
        owner = await loader.state(address, f"address-{address_hash}")
        if owner is not None and person_id not in {None, owner}:
            raise AddressTakenError(person_id=person_id)
        whose = person_id or owner or person_id_of(address_hash)
        state = await loader.state(person, f"person-{whose}")
        known = state if isinstance(state, Registered) else None
        return Found(whose, address_hash, known)

    async def steps(self, found: Found, entry: Entry, at: datetime) -> tuple[Step, ...]:
        """Return what enters or completes *found*, nothing being sealed twice."""
        whose, stream = found.person_id, f"person-{found.person_id}"
        claim = ClaimAddress(person_id=whose, at=at)
        registration = await self._registration(found, entry, at)
        grants = (GrantRole(person_id=whose, role=role, at=at) for role in entry.roles)
        return (
            Step(address, f"address-{found.address_hash}", claim),
            Step(person, stream, registration),
            *(Step(person, stream, grant) for grant in grants),
        )

    async def contact(self, person_id: str) -> Contact:
        """Return name and address, for a letter that is about to be sent.

        Raises:
            UnknownPersonError: nobody has this id.
            ContactErasedError: the person was erased.
        """
        _, state = await self.handling.fold(person, f"person-{person_id}")
        if isinstance(state, Unknown):
            raise UnknownPersonError(person_id=person_id)
        name = await self.vault.open(state.name, str, field=NAME, grant=_TO_SEND)
        email = await self.vault.open(state.email, str, field=EMAIL, grant=_TO_SEND)
        if isinstance(name, Erased) or isinstance(email, Erased):
            raise ContactErasedError(person_id=person_id)
        return Contact(name, email)

    async def _registration(
        self, found: Found, entry: Entry, at: datetime
    ) -> RegisterPerson:
        whose, known = found.person_id, found.known
        return RegisterPerson(
            person_id=whose,
            organisation_id=entry.organisation_id,
            address_hash=found.address_hash,
            name=known.name
            if known
            else await self.vault.seal(whose, entry.name, field=NAME),
            email=known.email
            if known
            else await self.vault.seal(whose, entry.email, field=EMAIL),
            at=at,
        )
