"""Blocks as the body of a Word document."""

import datetime as dt
import io
import re
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell

from services.submission.documents.samples.word.blank import empty_document, saved
from services.submission.documents.samples.word.runs import add_text, add_words
from shared.contracts.portfolio import (
    Block,
    Emphasis,
    Heading,
    Image,
    Paragraph,
    PdfPage,
    Table,
)

_NUMBERED = re.compile(r"^\d+\. ")
_STYLES = {
    "body": "Normal",
    "quote": "Quote",
    "caption": "Caption",
    "note": "Normal",
    "list_item": "List Bullet",
}
_MADE_AT = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
"""Written into every sample, so that its bytes do not depend on the clock."""

_BOLD = Emphasis(start=0, end=0, bold=True)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What goes into one document."""

    title: str
    author: str
    blocks: tuple[Block, ...]
    has_title: bool = False
    """The first heading is the title of the whole document."""
    bold_headings: bool = False
    """Headings are lines in bold, as people make them who know no styles."""


def write_word(text: TextFile, pictures: dict[str, bytes]) -> bytes:
    """Return *text* as a Word document; *pictures* by the id its images refer to."""
    document = empty_document()
    document.core_properties.title = text.title
    document.core_properties.author = text.author
    document.core_properties.created = _MADE_AT
    document.core_properties.modified = _MADE_AT
    for index, block in enumerate(text.blocks):
        if isinstance(block, Heading):
            _write_heading(document, block, text, is_first=index == 0)
        else:
            _write(document, block, pictures)
    return saved(document)


def _write_heading(
    document: WordDocument, heading: Heading, text: TextFile, *, is_first: bool
) -> None:
    if text.bold_headings:
        add_words(document.add_paragraph(), heading.text, _BOLD)
        return
    level = 0 if is_first and text.has_title else heading.level
    document.add_heading(heading.text, level)


def _write(document: WordDocument, block: Block, pictures: dict[str, bytes]) -> None:
    match block:
        case Paragraph():
            _write_paragraph(document, block)
        case Table():
            width = max(len(row) for row in block.rows)
            table = document.add_table(rows=0, cols=width, style="Table Grid")
            _fill(table, block)
            document.add_paragraph()
        case Image():
            picture = io.BytesIO(pictures[block.evidence_id])
            shape = document.add_picture(picture, width=Mm(140))
            properties = shape._inline.docPr  # noqa: SLF001 - the only way to a description
            properties.set("descr", block.description)
        case Heading(text=words) | PdfPage(text=words):
            document.add_paragraph(words)


def _write_paragraph(document: WordDocument, block: Paragraph) -> None:
    numbered = block.style == "list_item" and _NUMBERED.match(block.text)
    skip = len(numbered[0]) if numbered else 0
    style = "List Number" if numbered else _STYLES[block.style]
    paragraph = document.add_paragraph(style=style)
    add_text(paragraph, block.text, block.emphasis, start=skip)


def _fill(table: WordTable, block: Table) -> None:
    """Put the rows of *block* into *table*, a table inside a cell included."""
    nested = {(each.row, each.column): each.blocks for each in block.cells}
    for index, row in enumerate(block.rows):
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        look = Emphasis(start=0, end=0, bold=index < block.header_rows)
        for column, (cell, words) in enumerate(zip(cells, row, strict=False)):
            add_words(cell.paragraphs[0], words, look)
            for inner in nested.get((index, column), ()):
                _nest(cell, inner)


def _nest(cell: WordCell, block: Block) -> None:
    if not isinstance(block, Table):
        message = f"only a table can stand in a cell, not a {block.kind}"
        raise TypeError(message)
    width = max(len(row) for row in block.rows)
    inner = cell.add_table(rows=0, cols=width)
    inner.style = "Table Grid"
    _fill(inner, block)
