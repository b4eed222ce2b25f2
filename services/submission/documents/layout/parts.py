"""Sections as they are found: named, checked for substance, put in order."""

from collections.abc import Iterable

from services.submission.documents.layout.shelf import ReadFile
from services.submission.documents.refusals import Problems
from shared.contracts.portfolio import Block, Image, PdfPage, Section, block_text
from shared.contracts.programme import Template

COVER = "cover"
"""Key of what stands before the first section."""


def cover_section(
    blocks: tuple[Block, ...], margins: Iterable[Block], file: ReadFile
) -> tuple[Section, ...]:
    """Return what stands before the sections as one of its own; none if nothing."""
    every = (*blocks, *margins)
    if not every:
        return ()
    return (
        Section(key=COVER, title="Cover", blocks=every, source_id=file.evidence_id),
    )


def evidence_sections(files: Iterable[ReadFile]) -> tuple[Section, ...]:
    """Return the words of evidence files as sections, so that they can be cited."""
    readable = [file for file in files if any(map(_has_words, file.content.blocks))]
    return tuple(
        Section(
            key=f"evidence-{number}",
            title=file.name,
            blocks=file.content.blocks,
            source_id=file.evidence_id,
        )
        for number, file in enumerate(readable, start=1)
    )


def refuse_hollow(
    sections: Iterable[Section], template: Template, file: str, problems: Problems
) -> None:
    """Note each required section that has a heading and nothing below it."""
    for section in sections:
        wanted = template.section(section.key)
        if wanted is None or not wanted.required or has_substance(section):
            continue
        problems.add(
            file,
            reason=f"The section '{section.title}' is empty.",
            remedy="Write it, then upload the portfolio again.",
        )


def has_substance(section: Section) -> bool:
    """Tell whether there is anything to read or to look at."""
    return any(
        isinstance(block, Image | PdfPage) or _has_words(block)
        for block in section.blocks
    )


def _has_words(block: Block) -> bool:
    return bool(block_text(block).strip())
