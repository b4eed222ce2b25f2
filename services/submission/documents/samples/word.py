"""Word documents made from blocks: ordinary ones, as participants' word processors do.

The same blocks give the same bytes; nothing in them depends on when they were made.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from services.submission.documents.packing import pack_files
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
_USED_STYLES = frozenset(
    {"Normal", "Title", "Quote", "Caption", "List Bullet", "List Number",
     "Table Grid", "Normal Table", "Default Paragraph Font", "No List"}
    | {f"Heading {level}" for level in range(1, 7)}
)  # fmt: skip
_MADE_AT = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
"""Written into every sample, so that its bytes do not depend on the clock."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """What goes into one document."""

    title: str
    author: str
    blocks: tuple[Block, ...]
    has_title: bool = False
    """The first heading is the title of the whole document."""


def write_word(text: TextFile, pictures: dict[str, bytes]) -> bytes:
    """Return *text* as a Word document; *pictures* by the id its images refer to."""
    document = Document(io.BytesIO(_blank()))
    document.core_properties.title = text.title
    document.core_properties.author = text.author
    document.core_properties.created = _MADE_AT
    document.core_properties.modified = _MADE_AT
    for index, block in enumerate(text.blocks):
        is_title = text.has_title and index == 0
        _write(document, block, pictures, is_title=is_title)
    return _saved(document)


def _write(
    document: WordDocument, block: Block, pictures: dict[str, bytes], *, is_title: bool
) -> None:
    match block:
        case Heading(level=level, text=words):
            document.add_heading(words, 0 if is_title else level)
        case Paragraph():
            _write_paragraph(document, block)
        case Table():
            _write_table(document, block)
        case Image():
            picture = io.BytesIO(pictures[block.evidence_id])
            shape = document.add_picture(picture, width=Mm(140))
            properties = shape._inline.docPr  # noqa: SLF001 - the only way to a description
            properties.set("descr", block.description)
        case PdfPage(text=words):
            document.add_paragraph(words)


def _write_paragraph(document: WordDocument, block: Paragraph) -> None:
    numbered = block.style == "list_item" and _NUMBERED.match(block.text)
    skip = len(numbered[0]) if numbered else 0
    style = "List Number" if numbered else _STYLES[block.style]
    paragraph = document.add_paragraph(style=style)
    _add_runs(paragraph, block.text, block.emphasis, start=skip)


def _add_runs(
    paragraph: WordParagraph, text: str, emphasis: Iterable[Emphasis], *, start: int
) -> None:
    for part in emphasis:
        if part.start > start:
            paragraph.add_run(text[start : part.start])
        run = paragraph.add_run(text[max(start, part.start) : part.end])
        run.bold = part.bold or None
        run.italic = part.italic or None
        start = part.end
    if text[start:]:
        paragraph.add_run(text[start:])


def _write_table(document: WordDocument, block: Table) -> None:
    width = max(len(row) for row in block.rows)
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    for index, row in enumerate(block.rows):
        cells = table.add_row().cells
        for cell, words in zip(cells, row, strict=False):
            run = cell.paragraphs[0].add_run(words)
            run.bold = index < block.header_rows or None
    document.add_paragraph()


def _saved(document: WordDocument) -> bytes:
    saved = io.BytesIO()
    document.save(saved)
    with ZipFile(saved) as package:
        return pack_files({name: package.read(name) for name in package.namelist()})


@cache
def _blank() -> bytes:
    """Return an empty document with the few styles that are used, for speed."""
    document = Document()
    styles = document.styles.element
    for style in list(styles.findall(f"{{{styles.nsmap['w']}}}style")):
        if style.name_val not in {*_USED_STYLES, *(s.lower() for s in _USED_STYLES)}:
            styles.remove(style)
    relations = document.part.rels
    for key in [
        key
        for key, relation in relations.items()
        if relation.reltype.endswith(("stylesWithEffects", "customXml"))
    ]:
        del relations[key]
    package = document.part.package.rels
    for key in [
        key
        for key, relation in package.items()
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL
    ]:
        del package[key]
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()
