"""One document cut into the sections of a template at its headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.submission.documents.layout.naming import section_for_heading
from shared.contracts.portfolio import Block, Heading, Paragraph
from shared.contracts.programme import SectionTemplate, Template

_LONGEST_HEADING = 120
"""Characters; a longer bold paragraph is text. Source: P."""


_NUMBER_ONLY = re.compile(r"\W*\w{0,4}\W*")


@dataclass(frozen=True, slots=True)
class Cut:
    """A document divided: what comes first, then each section with its blocks."""

    cover: tuple[Block, ...]
    sections: dict[str, tuple[Block, ...]]
    """By key; a heading given twice adds to the same section."""


def cut(blocks: Sequence[Block], template: Template) -> Cut:
    """Return *blocks* divided at the headings of *template*.

    A section begins at a heading with its name, of the highest level at which any
    section begins; where no such heading exists, at a line that is wholly bold.
    """
    starts = _starts(blocks, template)
    edges = [*(index for index, _, _ in starts), len(blocks)]
    sections: dict[str, tuple[Block, ...]] = {}
    for (index, section, level), end in zip(starts, edges[1:], strict=True):
        body = tuple(_raised(block, level) for block in blocks[index + 1 : end])
        sections[section.key] = sections.get(section.key, ()) + body
    return Cut(tuple(blocks[: edges[0]]), sections)


def headings(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the main headings of a document, to tell what was found in it."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    top = min(levels, default=0)
    return tuple(
        block.text
        for block in blocks
        if isinstance(block, Heading) and block.level == top
    )


def _starts(
    blocks: Sequence[Block], template: Template
) -> list[tuple[int, SectionTemplate, int]]:
    styled = [
        (index, section, block.level)
        for index, block in enumerate(blocks)
        if isinstance(block, Heading)
        and (section := section_for_heading(block.text, template)) is not None
    ]
    top = min((level for _, _, level in styled), default=0)
    chosen = [each for each in styled if each[2] == top]
    known = {section.key for _, section, _ in chosen}
    bold = [
        (index, section, top)
        for index, block in enumerate(blocks)
        if (line := _bold_line(block)) is not None
        and (section := section_for_heading(line, template)) is not None
        and section.key not in known
    ]
    return sorted([*chosen, *bold], key=lambda each: each[0])


def _bold_line(block: Block) -> str | None:
    """Return the text of a short paragraph that is bold but for a number before it."""
    if not isinstance(block, Paragraph) or len(block.text) > _LONGEST_HEADING:
        return None
    plain = block.text
    for each in reversed(block.emphasis):
        if each.bold:
            plain = plain[: each.start] + plain[each.end :]
    is_bold = plain != block.text and _NUMBER_ONLY.fullmatch(plain)
    return block.text if is_bold else None


def _raised(block: Block, level: int) -> Block:
    """Return a heading counted from the section's own, everything else as it is."""
    if isinstance(block, Heading):
        return block.model_copy(update={"level": max(1, block.level - level)})
    return block
