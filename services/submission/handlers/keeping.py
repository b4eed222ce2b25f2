"""Puts what was read into the evidence store: files, sections, and their snapshot.

Invariant: everything is durable before a fact refers to it, and the same portfolio of
the same person always has the same hashes, so handing it in twice is once.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from services.submission.documents import EvidenceFile as ReadFile
from services.submission.documents import Portfolio, word_count
from services.submission.domain.commands import Enrol
from services.submission.domain.content import words_of_file
from shared.contracts.portfolio import EvidenceFile, Image, PdfPage, Section
from shared.evidence import (
    BlobStore,
    Snapshot,
    StoredBlob,
    blocks_of,
    canonical_json,
)

_NAMES_A_FILE = frozenset({"evidence_id", "source_id"})
_WORDS_OF_A_FILE = re.compile(r"evidence-\d+")
"""As the reader of portfolios calls them. Source: documents/layout/parts.py."""
_ID_DIGITS = 32
"""Of a keyed hash: an id that confirms nothing about a file somebody else has."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is in a section."""

    words: int
    pictures: int


@dataclass(frozen=True, slots=True)
class KeptSection:
    """A section, and where its content is kept."""

    key: str
    amount: Amount
    blob: StoredBlob


@dataclass(frozen=True, slots=True)
class Kept:
    """A portfolio in the evidence store."""

    sections: tuple[KeptSection, ...]
    evidence: tuple[EvidenceFile, ...]
    snapshot: StoredBlob


Put: TypeAlias = Callable[[str, bytes], Awaitable[StoredBlob]]
"""Stores content about somebody, or only tells where it would be stored."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps portfolios."""

    blobs: BlobStore

    async def keep(
        self, portfolio: Portfolio, contents: Path, about: Enrol, attempt: int
    ) -> Kept:
        """Store *portfolio*, whose files lie in *contents*, for one enrolment.

        Raises:
            SubjectErasedError: the participant was erased.
            TooLargeError: a file is over the store's limit.
        """
        return await _keep(self.blobs.put, portfolio, contents, (about, attempt))

    async def measure(
        self, portfolio: Portfolio, contents: Path, about: Enrol, attempt: int
    ) -> Kept:
        """Return what `keep` would; nothing is stored. Errors as `keep`."""
        return await _keep(self.blobs.measure, portfolio, contents, (about, attempt))


async def _keep(
    put: Put, portfolio: Portfolio, contents: Path, about: tuple[Enrol, int]
) -> Kept:
    enrolment, attempt = about
    whose = enrolment.person_id
    evidence = await keep_files(put, whose, portfolio, contents)
    names = {
        read.id: kept.id
        for read, kept in zip(portfolio.evidence, evidence, strict=True)
    }
    sections = named_by_file(renamed(each, names) for each in portfolio.sections)
    kept = await asyncio.gather(*(keep_section(put, whose, each) for each in sections))
    snapshot = Snapshot(
        case_id=enrolment.case_id,
        cohort_id=enrolment.cohort_id,
        attempt=attempt,
        programme=enrolment.programme,
        programme_version=enrolment.programme_version,
        policy_version=enrolment.policy_version,
        template=portfolio.template,
        sections=sections,
        evidence=evidence,
    )
    written = await put(whose, canonical_json(snapshot))
    return Kept(tuple(kept), evidence, written)


async def keep_files(
    put: Put, whose: str, portfolio: Portfolio, contents: Path
) -> tuple[EvidenceFile, ...]:
    """Store the files of *portfolio*, which lie in *contents*, in their order."""
    return tuple(
        await asyncio.gather(
            *(_file(put, whose, file, contents) for file in portfolio.evidence)
        )
    )


async def _file(put: Put, whose: str, file: ReadFile, contents: Path) -> EvidenceFile:
    content = await asyncio.to_thread((contents / file.id).read_bytes)
    blob = await put(whose, content)
    return EvidenceFile(
        id=blob.content_hash[:_ID_DIGITS],
        name=file.name,
        media_type=file.media_type,
        size_bytes=blob.size_bytes,
        content_hash=blob.content_hash,
        path=blob.path,
    )


async def keep_section(put: Put, whose: str, section: Section) -> KeptSection:
    """Store the content of *section*."""
    blob = await put(whose, canonical_json(section))
    return KeptSection(section.key, amount_of(section), blob)


def named_by_file(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return *sections*, the words of each evidence file under the key of that file.

    So whoever takes the file out takes its words out, too; of two files with the same
    content the words are there once.
    """
    named: dict[str, Section] = {}
    for section in sections:
        key = section.key
        if section.source_id is not None and _WORDS_OF_A_FILE.fullmatch(key):
            key = words_of_file(section.source_id)
        named.setdefault(key, section.model_copy(update={"key": key}))
    return tuple(named.values())


def amount_of(section: Section) -> Amount:
    """Return how much *section* holds; a page without words is a picture of one."""
    pictures = sum(
        isinstance(block, Image) or (isinstance(block, PdfPage) and not block.text)
        for block in blocks_of(section.blocks)
    )
    return Amount(word_count(section), pictures)


def renamed(section: Section, names: Mapping[str, str]) -> Section:
    """Return *section* with every file it names called by its new id."""
    return Section.model_validate(_renamed(section.model_dump(mode="json"), names))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names[held]
            if key in _NAMES_A_FILE and held is not None
            else _renamed(held, names)
            for key, held in value.items()
        }
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return value
