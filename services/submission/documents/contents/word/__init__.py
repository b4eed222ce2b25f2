"""Word documents, read from their XML as a reader of the printed page sees them."""

import re
from collections.abc import Iterator, Mapping

from services.submission.documents.contents.content import Content
from services.submission.documents.contents.word.blocks import read_blocks
from services.submission.documents.contents.word.numbering import read_numbering
from services.submission.documents.contents.word.package import Package, open_package
from services.submission.documents.contents.word.story import Note, Story
from services.submission.documents.contents.word.styles import read_styles
from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
)
from services.submission.documents.limits import Budget
from shared.contracts.portfolio import block_text

__all__ = ["open_package", "read_document", "read_word"]

_PAGE_NUMBER = re.compile(r"^(page)?\s*\d*\s*((of|/)\s*\d+)?$", re.IGNORECASE)


def read_word(data: bytes, budget: Budget) -> Content:
    """Return the blocks, pictures and page margins of the document in *data*.

    Raises:
        UnreadableError: damaged, hostile, with macros, or not a Word document.
    """
    return read_document(open_package(data, budget))


def read_document(package: Package) -> Content:
    """Return what a package that has been judged safe contains.

    Raises:
        UnreadableError: a part is damaged or too large.
    """
    story = _story(package)
    blocks = read_blocks(_body(package.xml(package.main)), story)
    margins = tuple(dict.fromkeys(_margins(story)))
    return Content(blocks, tuple(story.pictures.values()), margins)


def _story(package: Package) -> Story:
    empty = Story(
        package=package,
        part=package.main,
        relations=package.relations(package.main),
        styles=read_styles(None),
        numbering=read_numbering(None),
        read_blocks=read_blocks,
    )
    return Story(
        package=package,
        part=package.main,
        relations=empty.relations,
        styles=read_styles(_related(empty, "styles")),
        numbering=read_numbering(_related(empty, "numbering")),
        read_blocks=read_blocks,
        notes={**_notes(empty, "footnote"), **_notes(empty, "endnote")},
    )


def _related(story: Story, kind: str) -> Element | None:
    part = next(iter(story.related(kind)), None)
    return None if part is None else story.package.xml(part)


def _notes(story: Story, kind: str) -> Mapping[tuple[str, str], Note]:
    return {
        (kind, attribute(each, "w:id") or ""): Note(each, part)
        for part in story.related(f"{kind}s")
        for each in children(story.package.xml(part), f"w:{kind}")
        if attribute(each, "w:type") in {None, "normal"}
    }


def _body(document: Element) -> Element:
    body = first(document, "w:body")
    return document if body is None else body


def _margins(story: Story) -> Iterator[str]:
    """Yield the words of headers and footers, leaving page numbers out."""
    for part in (*story.related("header"), *story.related("footer")):
        for block in read_blocks(story.package.xml(part), story.of_part(part)):
            words = " ".join(block_text(block).split())
            if not _PAGE_NUMBER.match(words):
                yield words
