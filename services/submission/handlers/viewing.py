"""What a participant sees of their own portfolio in the making.

Invariant: nothing here says anything about the content: only what is there, and what is
still missing. Source: S2 2.3, 6.1.5 (no formative assessment).
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.submission.domain.completeness import lacking
from services.submission.domain.growing import EvidenceNotAttachedError
from services.submission.handlers.own_case import (
    OwnCase,
    UnknownSectionError,
    is_by_others,
    read_own,
)
from services.submission.handlers.snapshots import Assembling, PortfolioErasedError
from shared.contracts.portfolio import EvidenceFile, Section
from shared.contracts.programme import SectionTemplate
from shared.evidence import ServedFile
from shared.handling import Handling
from shared.personal import Erased

AskState = Literal["waiting", "expired", "received"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSeen:
    """A section of the template, and how much there is in it."""

    key: str
    title: str
    kind: str
    required: bool
    written_by_others: bool
    words: int | None
    """None while nothing was saved."""
    pictures: int
    saved_at: datetime | None
    rated: int | None = None
    """How many standards are rated, where this is what the section asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """A request for words of somebody else; the link itself is only in the letter."""

    request_id: str
    section: str
    contribution: str
    asked_at: datetime
    expires_at: datetime
    state: AskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A portfolio in the making."""

    case_id: str
    programme: str
    template: str | None
    templates: tuple[str, ...]
    sections: tuple[SectionSeen, ...]
    others: tuple[str, ...]
    """Keys of what is saved beyond the template: a cover, the words of files."""
    evidence: tuple[EvidenceFile, ...]
    requests: tuple[AskedFor, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Viewing:
    """The reading side of a portfolio in the making."""

    handling: Handling
    assembling: Assembling

    async def overview(self, case_id: str, who: str, at: datetime) -> Overview:
        """Return what there is, and what is missing.

        Raises:
            NotEnrolledError: no case of this person.
        """
        own = await read_own(self.handling, case_id, who)
        template, sections = own.chosen, own.portfolio.sections
        seen = tuple(_seen(own, each) for each in template.sections) if template else ()
        return Overview(
            case_id=case_id,
            programme=own.programme.code,
            template=template.code if template else None,
            templates=tuple(each.code for each in own.programme.templates),
            sections=seen,
            others=tuple(sorted(set(sections) - {each.key for each in seen})),
            evidence=await self.assembling.attached(own),
            requests=tuple(_asked_for(own, at)),
            missing=tuple(lacking(template, sections).values()) if template else (),
        )

    async def section(self, case_id: str, who: str, key: str) -> Section:
        """Return what a section holds now.

        Raises:
            NotEnrolledError: no case of this person.
            UnknownSectionError: nothing was saved under this key.
        """
        own = await read_own(self.handling, case_id, who)
        content = own.portfolio.sections.get(key)
        if content is None:
            raise UnknownSectionError(section=key)
        return await self.assembling.section(content)

    async def file(self, case_id: str, who: str, evidence_id: str) -> ServedFile:
        """Return a file of the portfolio.

        Raises:
            NotEnrolledError: no case of this person.
            EvidenceNotAttachedError: it is not in the portfolio.
        """
        own = await read_own(self.handling, case_id, who)
        return await self.served(own, evidence_id)

    async def served(
        self, own: OwnCase, evidence_id: str, *, among: Container[str] | None = None
    ) -> ServedFile:
        """Return a file of this portfolio, of *among* if given. Raises as `file`."""
        files = await self.assembling.attached(own)
        found = next((each for each in files if each.id == evidence_id), None)
        if found is None or (among is not None and evidence_id not in among):
            raise EvidenceNotAttachedError(evidence_id=evidence_id)
        blobs = self.assembling.blobs
        content = await blobs.stream(found.path, content_hash=found.content_hash)
        if isinstance(content, Erased):
            raise PortfolioErasedError
        return ServedFile(found, content)


def _seen(own: OwnCase, section: SectionTemplate) -> SectionSeen:
    content = own.portfolio.sections.get(section.key)
    ratings = getattr(content, "ratings", None)
    return SectionSeen(
        key=section.key,
        title=section.title,
        kind=section.kind.value,
        required=section.required,
        written_by_others=is_by_others(section),
        words=content.words if content else None,
        pictures=content.pictures if content else 0,
        saved_at=content.occurred_at if content else None,
        rated=len(ratings) if ratings is not None else None,
    )


def _asked_for(own: OwnCase, at: datetime) -> Iterator[AskedFor]:
    for each in own.portfolio.requests.values():
        is_late = at >= each.expires_at
        waiting: AskState = "expired" if is_late else "waiting"
        is_answered = each.request_id in own.portfolio.answers
        yield AskedFor(
            request_id=each.request_id,
            section=each.section,
            contribution=each.contribution,
            asked_at=each.occurred_at,
            expires_at=each.expires_at,
            state="received" if is_answered else waiting,
        )
