"""What was built, put together: the sections as they stand, and their files."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.submission.domain.events import EvidenceAttached
from services.submission.domain.states import SectionContent
from services.submission.handlers.attaching import FILE_NAME
from services.submission.handlers.handing_in import attempt_of
from services.submission.handlers.own_case import OwnCase
from shared.contracts.portfolio import EvidenceFile, Section
from shared.contracts.programme import Template
from shared.crypto import Grant, Purpose, Vault
from shared.errors import NotFoundError
from shared.evidence import BlobStore, Snapshot, canonical_json, files_of
from shared.personal import Erased

_GRANT = Grant(role="service", purpose=Purpose.TAKE_SNAPSHOT)


class PortfolioErasedError(NotFoundError):
    """The participant was erased: there is no portfolio any more."""


@dataclass(frozen=True, slots=True)
class Assembling:
    """Puts portfolios in the making together."""

    blobs: BlobStore
    vault: Vault

    async def snapshot(self, own: OwnCase) -> bytes:
        """Return the snapshot of what was built, the same bytes for the same content.

        Raises:
            NoTemplateError: the template is not chosen yet.
            PortfolioErasedError: the participant was erased.
        """
        sections = await self.sections(own)
        enrolment = own.portfolio.enrolment
        snapshot = Snapshot(
            case_id=own.case_id,
            cohort_id=enrolment.cohort_id,
            attempt=attempt_of(own.state),
            programme=enrolment.programme,
            programme_version=enrolment.programme_version,
            policy_version=enrolment.policy_version,
            template=own.template.code,
            sections=sections,
            evidence=await self.files(own, sections),
        )
        return canonical_json(snapshot)

    async def sections(self, own: OwnCase) -> tuple[Section, ...]:
        """Return every section as it stands, in the order of the template."""
        ordered = in_order(own.template, own.portfolio.sections)
        contents = (own.portfolio.sections[key] for key in ordered)
        return tuple(await asyncio.gather(*(self.section(each) for each in contents)))

    async def section(self, content: SectionContent) -> Section:
        """Return what a section holds.

        Raises:
            PortfolioErasedError: the participant was erased.
        """
        found = await self.blobs.get(content.path, content_hash=content.content_hash)
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return Section.model_validate_json(found)

    async def files(
        self, own: OwnCase, sections: Iterable[Section]
    ) -> tuple[EvidenceFile, ...]:
        """Return the evidence, and the files that one of *sections* shows."""
        shown = {each for section in sections for each in files_of(section)}
        attached = [
            each
            for each in own.portfolio.evidence.values()
            if each.use == "evidence" or each.evidence_id in shown
        ]
        return await self._named(attached)

    async def attached(self, own: OwnCase) -> tuple[EvidenceFile, ...]:
        """Return every file there is, shown in a section or not."""
        return await self._named(list(own.portfolio.evidence.values()))

    async def _named(
        self, attached: Sequence[EvidenceAttached]
    ) -> tuple[EvidenceFile, ...]:
        names = await self.vault.open_all(
            [each.name for each in attached], str, field=FILE_NAME, grant=_GRANT
        )
        return tuple(
            _file(each, name) for each, name in zip(attached, names, strict=True)
        )


def in_order(template: Template, keys: Iterable[str]) -> tuple[str, ...]:
    """Return *keys* in the order of *template*; words of files come last."""
    places = {each.key: place for place, each in enumerate(template.sections)}

    def place(key: str) -> tuple[int, str]:
        return next(_places(template, key), places.get(key, len(places))), key

    return tuple(sorted(keys, key=place))


def _places(template: Template, key: str) -> Iterator[int]:
    for place, section in enumerate(template.sections):
        if section.part_of(key) is not None:
            yield place


def _file(attached: EvidenceAttached, name: str | Erased) -> EvidenceFile:
    if isinstance(name, Erased):
        raise PortfolioErasedError
    return EvidenceFile(
        id=attached.evidence_id,
        name=name,
        media_type=attached.media_type,
        size_bytes=attached.size_bytes,
        content_hash=attached.content_hash,
        path=attached.path,
    )
