"""What a judgement rests on: a passage or a file of one snapshot, checked.

A reference holds names, numbers and hashes only, so it can stand in the clear in a
fact; the words it points to stay in the snapshot.
"""

from shared.contracts.portfolio import (
    EvidenceReference,
    FileReference,
    Passage,
    PdfPage,
    section_text,
)
from shared.errors import BadInputError
from shared.evidence.snapshot import Snapshot, blocks_of


class EvidenceReferenceError(BadInputError):
    """An evidence reference does not fit the portfolio that was handed in."""


def check_reference(
    reference: EvidenceReference,
    snapshot: Snapshot,
    *,
    content_hash: str,
    quote: str | None = None,
) -> None:
    """Accept that *reference* points into *snapshot*, whose hash is *content_hash*.

    *quote* is what the writer believes to cite; a passage must read exactly so.

    Raises:
        EvidenceReferenceError: what does not fit, never the words themselves.
    """
    if reference.snapshot_sha256 != content_hash:
        raise EvidenceReferenceError(
            "The reference cites another version of the portfolio: open it again.",
            cited=reference.snapshot_sha256,
            current=content_hash,
        )
    match reference:
        case Passage():
            _check_passage(reference, snapshot, quote)
        case FileReference():
            _check_file(reference, snapshot)


def cited_words(passage: Passage, snapshot: Snapshot) -> str:
    """Return the words *passage* points to.

    Raises:
        EvidenceReferenceError: there are none.
    """
    section = snapshot.section(passage.section)
    if section is None:
        raise EvidenceReferenceError(
            "The portfolio has no such section: cite one it has.",
            section=passage.section,
            sections=[each.key for each in snapshot.sections],
        )
    text = section_text(section)
    if not passage.start < passage.end <= len(text):
        raise EvidenceReferenceError(
            "The passage must lie inside the section and not be empty.",
            section=passage.section,
            start=passage.start,
            end=passage.end,
            length=len(text),
        )
    return text[passage.start : passage.end]


def _check_passage(passage: Passage, snapshot: Snapshot, quote: str | None) -> None:
    words = cited_words(passage, snapshot)
    if quote is not None and quote != words:
        raise EvidenceReferenceError(
            "The section does not read as quoted: mark the passage again.",
            section=passage.section,
            start=passage.start,
            end=passage.end,
        )


def _check_file(reference: FileReference, snapshot: Snapshot) -> None:
    file = snapshot.file(reference.evidence_id)
    if file is None or file.content_hash != reference.content_hash:
        raise EvidenceReferenceError(
            "The portfolio has no such file with this content hash: cite one it lists.",
            evidence_id=reference.evidence_id,
        )
    if reference.page is None:
        return
    pages = _pages(snapshot, reference.evidence_id)
    if not pages:
        raise EvidenceReferenceError(
            "No pages were read from this file: cite it without a page.",
            evidence_id=reference.evidence_id,
            page=reference.page,
        )
    if reference.page not in pages:
        raise EvidenceReferenceError(
            "The file has no such page.",
            evidence_id=reference.evidence_id,
            page=reference.page,
            pages=len(pages),
        )


def _pages(snapshot: Snapshot, evidence_id: str) -> frozenset[int]:
    """Return the numbers of the pages that were read from a file, if it has any."""
    return frozenset(
        block.page
        for section in snapshot.sections
        for block in blocks_of(section.blocks)
        if isinstance(block, PdfPage) and block.evidence_id == evidence_id
    )
