"""Who hands in, where, and with which mentor: from the form, the files, the directory.

What nobody says is a refusal that names the field and the option; nothing is made up.
"""

import re
from dataclasses import dataclass

from services.submission.documents import Contact, Overrides, Portfolio, with_overrides
from services.submission.documents.portfolio import RoleContext
from services.submission.domain.person.decide import person
from services.submission.domain.person.evolve import Registered
from services.submission.handlers.naming import organisation_id_of
from services.submission.handlers.people import Entry, Found, People
from shared.crypto import AddressError
from shared.errors import BadInputError, ForbiddenError
from shared.handling import Loader
from shared.programmes import load_programme

OPTIONS = {
    "cohort": "--cohort",
    "name": "--name",
    "email": "--email",
    "organisation": "--organisation",
    "mentor": "--mentor 'Name <address>'",
}
"""Field of the form, and the option of ``attest submit`` that fills it."""
_MONTH = re.compile(r"\d{4}-\d{2}")
_COHORT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class AddressUnverifiedError(ForbiddenError):
    """Nobody has verified your address: ask the office to enter you in the directory.

    What somebody types about themself is no proof that letters reach them there.
    """


class DetailsMissingError(BadInputError):
    """The portfolio does not say everything that handing it in needs."""

    def __init__(self, *fields: str) -> None:
        """Name every missing field and its option."""
        options = ", ".join(OPTIONS[field] for field in fields)
        super().__init__(
            f"The portfolio does not say everything: give {options}.",
            missing=[{"field": field, "option": OPTIONS[field]} for field in fields],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is said beside the files; it wins over what they say."""

    cohort: str | None = None
    name: str | None = None
    email: str | None = None
    organisation: str | None = None
    mentor: str | None = None
    role_context: RoleContext | None = None

    def fill(self, portfolio: Portfolio) -> Portfolio:
        """Return *portfolio* with what the form says in place of what it says."""
        overrides = Overrides(
            name=self.name,
            email=self.email,
            cohort=self.cohort,
            setting=self.organisation,
            mentor=self.mentor,
            role_context=self.role_context,
        )
        filled = with_overrides(portfolio, overrides)
        if self._names_another_mentor(portfolio):
            return filled.model_copy(update={"mentor": Contact(name=self.mentor)})
        return filled

    def _names_another_mentor(self, portfolio: Portfolio) -> bool:
        """Tell whether the mentor is somebody whose address the files do not say."""
        said = self.mentor
        return said is not None and "@" not in said and said != portfolio.mentor.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who hands in: operations for anybody, a participant for themself."""

    person_id: str
    is_participant: bool
    verified_email: str | None = None
    """Their address as the issuer of their token has verified it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the portfolio: whom they lead to, and what enters them."""

    found: Found
    entry: Entry


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody a portfolio needs."""

    participant: Party
    organisation_id: str
    mentor: Party | None
    """None where the programme has nobody who accompanies the participant."""


def cohort_id_of(portfolio: Portfolio) -> str:
    """Return the id of the cohort: as given, or ``ats-2025-10`` for a month.

    Raises:
        DetailsMissingError: the portfolio names none, or in words of its own.
    """
    said = (portfolio.cohort or "").strip()
    if _MONTH.fullmatch(said):
        return f"{portfolio.programme.lower()}-{said}"
    if not _COHORT_ID.fullmatch(said):
        raise DetailsMissingError("cohort")
    return said


@dataclass(frozen=True, slots=True)
class Details:
    """Finds the people of a portfolio in the directory."""

    people: People

    async def parties(
        self, loader: Loader, portfolio: Portfolio, form: Form, asker: Asker
    ) -> Parties:
        """Return participant, organisation and mentor; the decision depends on them.

        Raises:
            AddressUnverifiedError: a participant who is new here came without one.
            DetailsMissingError: names every field that nobody says.
            AddressError, AddressTakenError, OrganisationNameError: what is said of
                somebody cannot be.
        """
        whose = await self._participant(loader, portfolio, asker)
        known = whose.known if whose else None
        organisation_id = _organisation(portfolio, form, known)
        mentor = await self._by_address(loader, portfolio.mentor.email, "mentor")
        pinned = load_programme(portfolio.programme, portfolio.programme_version)
        is_supported = pinned.support is not None
        missing = {
            "name": known is None and not portfolio.participant.name,
            "email": whose is None,
            "organisation": organisation_id is None,
            "mentor": is_supported and not _is_known(mentor, portfolio.mentor.name),
        }
        if whose is None or organisation_id is None or any(missing.values()):
            raise DetailsMissingError(*(key for key, is_so in missing.items() if is_so))
        participant = Entry(
            name=portfolio.participant.name or "",
            email=asker.verified_email or portfolio.participant.email or "",
            organisation_id=organisation_id,
            roles=("participant",),
        )
        supporter = Entry(
            name=portfolio.mentor.name or "",
            email=portfolio.mentor.email or "",
            organisation_id=None,
            roles=("mentor",),
        )
        supported_by = Party(mentor, supporter) if mentor and is_supported else None
        return Parties(Party(whose, participant), organisation_id, supported_by)

    async def _participant(
        self, loader: Loader, portfolio: Portfolio, asker: Asker
    ) -> Found | None:
        email = portfolio.participant.email
        if not asker.is_participant:
            return await self._by_address(loader, email, "email")
        own = asker.person_id
        state = await loader.state(person, f"person-{own}")
        if isinstance(state, Registered):
            return Found(own, state.address_hash, state)
        if asker.verified_email is None:
            raise AddressUnverifiedError
        return await self._by_address(loader, asker.verified_email, "email", own)

    async def _by_address(
        self, loader: Loader, email: str | None, field: str, own: str | None = None
    ) -> Found | None:
        if not email:
            return None
        try:
            return await self.people.find(loader, email, own)
        except AddressError:
            message = f"This is not an address (name@domain): give {OPTIONS[field]}."
            raise AddressError(message, field=field) from None


def _is_known(found: Found | None, name: str | None) -> bool:
    """Tell whether somebody can be entered: by an address, and with a name."""
    return found is not None and (found.known is not None or bool(name))


def _organisation(
    portfolio: Portfolio, form: Form, known: Registered | None
) -> str | None:
    """Return what the form says, else the directory, else the files."""
    if not form.organisation and known is not None and known.organisation_id:
        return known.organisation_id
    return organisation_id_of(portfolio.setting) if portfolio.setting else None
