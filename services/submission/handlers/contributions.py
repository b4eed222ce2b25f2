"""Asking others for their words, and taking them: the two ends of a one-time link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.submission.domain.commands import (
    ReceiveContribution,
    RequestContribution,
)
from services.submission.domain.contributing import (
    NotTheRecipientError,
    WrongLinkError,
    refuse_closed,
    requested,
)
from services.submission.domain.decide import case
from services.submission.domain.events import ContributionKind, ContributionRequested
from services.submission.domain.person.decide import UnknownPersonError, person
from services.submission.domain.person.evolve import Registered
from services.submission.domain.states import Case, portfolio_of
from services.submission.domain.submitting import enrolled
from services.submission.handlers.building import Asking
from services.submission.handlers.handing_in import refuse_before_storing
from services.submission.handlers.keeping import keep_section
from services.submission.handlers.links import Links, Presented
from services.submission.handlers.own_case import OwnCase, load_own
from services.submission.handlers.paragraphs import paragraphs_of
from services.submission.handlers.people import (
    EMAIL,
    NAME,
    ContactErasedError,
    People,
)
from shared.contracts.portfolio import Paragraph, Section
from shared.contracts.programme import SectionTemplate
from shared.crypto import AddressError, Grant, Purpose
from shared.errors import BadInputError, RuleViolatedError
from shared.evidence import BlobStore
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.ids import derived_id
from shared.personal import Erased, Personal
from shared.programmes import programme_of

_TO_SEND = Grant(role="service", purpose=Purpose.SEND_LETTER)
_ID_DIGITS = 20
"""Hexadecimal, as of every derived id here."""


class NoMentorError(RuleViolatedError):
    """Nobody is nominated as mentor: nominate somebody first."""


class WhoIsAskedError(BadInputError):
    """Say whom to ask: a name, and an address of the form name@domain."""


class NothingWrittenError(BadInputError):
    """There is not a word in it: write something before you send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose words are wanted, for which section."""

    section: str
    contribution: ContributionKind
    name: str | None
    """None, as the address, where the directory knows: for the mentor."""
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A request on its way to who is asked."""

    subject: str
    """Whose key seals the letter."""
    name: str
    email: str
    programme: str
    programme_version: str
    policy_version: str
    cohort_id: str
    link: str
    participant: str
    """Name of whose portfolio it is."""
    section: str
    """Title of the section."""
    contribution: ContributionKind
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody sends through a link."""

    email: str
    signature: str
    words: str


@dataclass(frozen=True, slots=True)
class _Recipient:
    person_id: str
    address_hash: str
    name: Personal[str]
    email: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """The write side of requests, and what letters need of them."""

    handling: Handling
    people: People
    blobs: BlobStore
    links: Links

    async def ask(self, asking: Asking, wanted: Wanted) -> Handled:
        """Ask somebody for their words; a letter with the link follows.

        Raises:
            UnknownSectionError, NotAskedForError, OwnContributionError,
            NotTheMentorError, NoMentorError, AlreadyAskedError.
            WhoIsAskedError: name or address is missing, or is no address.
        """
        command_id = str(asking.cause.command_id)
        request_id = f"r{derived_id('contribution', command_id).hex[:_ID_DIGITS]}"

        async def build(loader: Loader) -> Sequence[Step]:
            own = await load_own(loader, asking.case_id, asking.who)
            section = own.section(wanted.section)
            found = await self._recipient(loader, own, wanted)
            valid_days = own.programme.policy.links.valid_days.value
            command = RequestContribution(
                request_id=request_id,
                section=section,
                contribution=wanted.contribution,
                recipient_id=found.person_id,
                address_hash=found.address_hash,
                name=found.name,
                email=found.email,
                expires_at=asking.at + timedelta(days=valid_days),
                at=asking.at,
            )
            return (Step(case, f"case-{asking.case_id}", command),)

        cause = asking.cause.answer(201, {"request_id": request_id})
        return await self.handling.plan(cause, build)

    async def addressed(self, case_id: str, request_id: str, at: datetime) -> Addressed:
        """Return name, address and link of a request that can still be answered.

        Raises:
            WrongLinkError: there is no such request.
            LinkUsedError, LinkExpiredError, AlreadySubmittedError: nothing to send.
            ContactErasedError: there is no address any more.
        """
        _, state = await self.handling.fold(case, f"case-{case_id}")
        portfolio = portfolio_of(state)
        found = portfolio.requests.get(request_id) if portfolio else None
        if found is None or portfolio is None:
            raise WrongLinkError
        refuse_closed(found, state, at)
        vault = self.people.vault
        name = await vault.open(found.name, str, field=NAME, grant=_TO_SEND)
        email = await vault.open(found.email, str, field=EMAIL, grant=_TO_SEND)
        if isinstance(name, Erased) or isinstance(email, Erased):
            raise ContactErasedError(person_id=found.recipient_id)
        enrolment = portfolio.enrolment
        participant = await self.people.contact(enrolment.person_id)
        return Addressed(
            subject=found.recipient_id,
            name=name,
            email=email,
            programme=enrolment.programme,
            programme_version=enrolment.programme_version,
            policy_version=enrolment.policy_version,
            cohort_id=enrolment.cohort_id,
            link=self.links.link(case_id, found),
            participant=participant.name,
            section=section_of(state, found).title,
            contribution=found.contribution,
            expires_at=found.expires_at,
        )

    async def give(
        self, presented: Presented, written: Written, at: datetime
    ) -> Handled:
        """Use a link: the words become part of the portfolio.

        Raises:
            WrongLinkError, NotTheRecipientError, LinkUsedError, LinkExpiredError,
            AlreadySubmittedError: see the decider.
            NothingWrittenError: there is no word in it.
        """
        if not written.words.strip() or not written.signature.strip():
            raise NothingWrittenError
        link = presented.by(self.confirmed(written.email))
        stream = f"case-{presented.case_id}"

        async def build(loader: Loader) -> Sequence[Step]:
            state = await loader.state(case, stream)
            found = requested(link, state)
            content = _content(found, section_of(state, found), written)
            whose = enrolled(state).enrolment.person_id
            kept = await keep_section(self.blobs.measure, whose, content)
            command = ReceiveContribution(
                link=link,
                words=kept.amount.words,
                content_hash=kept.blob.content_hash,
                path=kept.blob.path,
                at=at,
            )
            steps = (Step(case, stream, command),)
            await refuse_before_storing(loader, steps)
            await keep_section(self.blobs.put, whose, content)
            return steps

        return await self.handling.plan(_by_link(presented, written), build)

    def confirmed(self, email: str) -> str:
        """Return the hash of the address that whoever holds a link gave.

        Raises:
            NotTheRecipientError: it is no address, so it is not the right one.
        """
        try:
            return self.people.vault.address_hash(email)
        except AddressError:
            raise NotTheRecipientError from None

    async def _recipient(
        self, loader: Loader, own: OwnCase, wanted: Wanted
    ) -> _Recipient:
        if wanted.contribution == "mentor":
            return await _mentor(loader, own)
        if not wanted.name or not wanted.email:
            raise WhoIsAskedError
        try:
            found = await self.people.find(loader, wanted.email)
        except AddressError:
            raise WhoIsAskedError from None
        vault, whose = self.people.vault, found.person_id
        return _Recipient(
            whose,
            found.address_hash,
            await vault.seal(whose, wanted.name, field=NAME),
            await vault.seal(whose, wanted.email, field=EMAIL),
        )


async def _mentor(loader: Loader, own: OwnCase) -> _Recipient:
    mentor_id = own.portfolio.mentor_id
    if mentor_id is None:
        raise NoMentorError
    known = await loader.state(person, f"person-{mentor_id}")
    if not isinstance(known, Registered):
        raise UnknownPersonError(person_id=mentor_id)
    return _Recipient(mentor_id, known.address_hash, known.name, known.email)


def section_of(state: Case, found: ContributionRequested) -> SectionTemplate:
    """Return the section of the template that a request is about."""
    programme = programme_of(enrolled(state).enrolment)
    sections = (
        section
        for template in programme.templates
        for section in template.sections
        if section.key == found.section
    )
    section = next(sections, None)
    if section is None:
        raise WrongLinkError
    return section


def _content(
    found: ContributionRequested, section: SectionTemplate, written: Written
) -> Section:
    """Return the words as a section: signed first, then paragraph by paragraph."""
    part = section.part_of(found.key)
    title = section.title if part is None else f"{section.title}: {part.title.lower()}"
    signed = Paragraph(
        text=f"Written by {written.signature.strip()} through a one-time link.",
        style="note",
    )
    words = paragraphs_of(written.words)
    return Section(key=found.key, title=title, blocks=(signed, *words))


def _by_link(presented: Presented, written: Written) -> Cause:
    """Return the cause of what a link leads to; the link itself is not in it."""
    command_id = derived_id("link", presented.request_id, written.words)
    return Cause.first(command_id, actor=presented.recipient_id, role="none")
