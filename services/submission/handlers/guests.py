"""What somebody with a one-time link sees: who asks, and the portfolio where allowed.

Invariant: a link alone shows who asks for what. The portfolio needs the address of who
was asked as well, and what others wrote for it is never shown. Source: S0.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.submission.domain.contributing import (
    LinkExpiredError,
    LinkUsedError,
    WrongLinkError,
    refuse_closed,
    requested,
)
from services.submission.domain.decide import case
from services.submission.domain.events import ContributionKind
from services.submission.domain.states import Case, SectionContent
from services.submission.domain.submitting import (
    AlreadySubmittedError,
    CaseEndedError,
    enrolled,
)
from services.submission.handlers.contributions import Contributions, section_of
from services.submission.handlers.links import Presented
from services.submission.handlers.own_case import OwnCase
from services.submission.handlers.viewing import Viewing
from shared.contracts.portfolio import EvidenceFile, Section
from shared.errors import ForbiddenError
from shared.evidence import ServedFile
from shared.handling import Handling
from shared.programmes import programme_of

LinkState = Literal["open", "used", "expired", "closed"]


class NotForReadingError(ForbiddenError):
    """This link is for feedback: it does not show the portfolio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the page of a link says."""

    participant: str
    programme: str
    section: str
    guidance: str
    contribution: ContributionKind
    mentor_title: str
    """What a mentor is called in the programme: ``mentor`` or ``supporter``."""
    reads_portfolio: bool
    expires_at: datetime
    state: LinkState


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A portfolio as somebody reads it who writes a statement about it."""

    sections: tuple[Section, ...]
    evidence: tuple[EvidenceFile, ...]


@dataclass(frozen=True, slots=True)
class Guests:
    """The reading side of one-time links."""

    handling: Handling
    contributions: Contributions
    viewing: Viewing

    async def asked(self, presented: Presented, at: datetime) -> Asked:
        """Return who asks for what; this uses nothing, so a mail scanner may ask.

        Raises:
            WrongLinkError: the link belongs to no request.
            ContactErasedError: the participant was erased.
        """
        _, state = await self.handling.fold(case, f"case-{presented.case_id}")
        portfolio = enrolled(state)
        found = portfolio.requests.get(presented.request_id)
        if found is None or found.recipient_id != presented.recipient_id:
            raise WrongLinkError
        people = self.contributions.people
        contact = await people.contact(portfolio.enrolment.person_id)
        section = section_of(state, found)
        programme = programme_of(portfolio.enrolment)
        try:
            refuse_closed(found, state, at)
        except LinkUsedError:
            now: LinkState = "used"
        except LinkExpiredError:
            now = "expired"
        except (AlreadySubmittedError, CaseEndedError):
            now = "closed"
        else:
            now = "open"
        return Asked(
            participant=contact.name,
            programme=programme.title,
            section=section.title,
            guidance=section.guidance,
            contribution=found.contribution,
            mentor_title=programme.support.title.lower() if programme.support else "",
            reads_portfolio=found.reads_portfolio,
            expires_at=found.expires_at,
            state=now,
        )

    async def portfolio(self, presented: Presented, email: str, at: datetime) -> Shown:
        """Return the portfolio, without the words of others, for who was asked.

        Raises:
            WrongLinkError, NotTheRecipientError, LinkUsedError, LinkExpiredError,
            AlreadySubmittedError, CaseEndedError, NotForReadingError.
        """
        own = await self._readable(presented, email, at)
        assembling = self.viewing.assembling
        sections = await assembling.sections(own)
        return Shown(sections=sections, evidence=await assembling.files(own, sections))

    async def file(
        self, presented: Presented, email: str, evidence_id: str, at: datetime
    ) -> ServedFile:
        """Return a file of the portfolio for who was asked. Raises as `portfolio`."""
        own = await self._readable(presented, email, at)
        sections = await self.viewing.assembling.sections(own)
        shown = await self.viewing.assembling.files(own, sections)
        readable = {file.id for file in shown}
        return await self.viewing.served(own, evidence_id, among=readable)

    async def _readable(
        self, presented: Presented, email: str, at: datetime
    ) -> OwnCase:
        _, state = await self.handling.fold(case, f"case-{presented.case_id}")
        link = presented.by(self.contributions.confirmed(email))
        found = requested(link, state)
        refuse_closed(found, state, at)
        if not found.reads_portfolio:
            raise NotForReadingError
        return _without_others(state)


def _without_others(state: Case) -> OwnCase:
    """Return the case without what others wrote: nobody sees another's answers."""
    portfolio = enrolled(state)
    programme = programme_of(portfolio.enrolment)
    own = OwnCase(state, portfolio, programme)
    sections = {
        key: content
        for key, content in portfolio.sections.items()
        if not _is_by_others(own, key, content)
    }
    return own.with_sections(sections)


def _is_by_others(own: OwnCase, key: str, content: SectionContent) -> bool:
    if content in own.portfolio.answers.values():
        return True
    sections = own.template.sections
    return any(
        section.part_of(key) or (section.key == key and section.written_by)
        for section in sections
    )
