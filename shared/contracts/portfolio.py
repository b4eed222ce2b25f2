"""What a portfolio is once it is read: sections of blocks, and its evidence files.

The importer writes it, a snapshot keeps it, reviewers read and cite it. The order of
sections and blocks is the author's; nothing here knows a file format.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from shared.vocabulary import Sha256

_ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"

SectionKey = Annotated[str, Field(pattern=_ID)]
"""Key of a section in the programme's template, for example ``critical-narrative``."""

EvidenceId = Annotated[str, Field(pattern=_ID)]
"""Id of a file, unique within its portfolio."""


class _Part(BaseModel):
    """Part of a portfolio: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Heading(_Part):
    """A heading inside a section; level 1 is directly below the section's title."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=6)
    text: str


class Emphasis(_Part):
    """A stretch of a paragraph that the author set in bold or italics."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    bold: bool = False
    italic: bool = False


class Paragraph(_Part):
    """Running text; a number that the author's list gave it is part of the text."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    style: Literal["body", "list_item", "quote", "caption", "note"] = "body"
    emphasis: tuple[Emphasis, ...] = ()
    """In order, without overlaps; offsets into ``text``."""


class CellContent(_Part):
    """What stands in a cell that holds more than text, or spans several."""

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    """Index into the row as stored, not counted in grid columns."""
    rows: int = Field(default=1, ge=1)
    columns: int = Field(default=1, ge=1)
    """How many rows and grid columns the cell covers."""
    blocks: tuple["Block", ...] = ()
    """Nested tables, pictures and lists; empty when the text of the cell is all."""


class Table(_Part):
    """Rows of cells, as text; rows may differ in length where cells are merged."""

    kind: Literal["table"] = "table"
    rows: tuple[tuple[str, ...], ...]
    header_rows: int = Field(default=0, ge=0)
    """How many of the first rows are headings."""
    cells: tuple[CellContent, ...] = ()
    """Only the cells about which there is more to say than their text."""


class Image(_Part):
    """A picture shown where it stood, kept as an evidence file."""

    kind: Literal["image"] = "image"
    evidence_id: EvidenceId
    description: str = ""
    """Alternative text, empty when the author gave none."""
    width_px: int | None = None
    height_px: int | None = None


class PdfPage(_Part):
    """The words of one page of a PDF that is kept as an evidence file."""

    kind: Literal["pdf_page"] = "pdf_page"
    evidence_id: EvidenceId
    page: int = Field(ge=1)
    text: str
    """Empty when the page is a scan without words."""


Block: TypeAlias = Annotated[
    Heading | Paragraph | Table | Image | PdfPage, Field(discriminator="kind")
]


class Section(_Part):
    """One section of the template, with what the participant put into it."""

    key: SectionKey
    title: str
    blocks: tuple[Block, ...]
    source_id: EvidenceId | None = None
    """The uploaded file it was read from."""


class EvidenceFile(_Part):
    """A file of the portfolio: where its ciphertext is, and what must come out."""

    id: EvidenceId
    name: str
    """As the participant called it: personal data."""
    media_type: str
    """As detected from the content, for example ``application/pdf``."""
    size_bytes: int = Field(ge=0)
    content_hash: Sha256
    """HMAC-SHA-256 of the content under a key derived from the person's key."""
    path: str
    """Where the evidence store keeps the ciphertext."""


class Passage(_Part):
    """Words of a section: ``section_text(section)[start:end]``, in code points."""

    kind: Literal["passage"] = "passage"
    snapshot_sha256: Sha256
    section: SectionKey
    start: int = Field(ge=0)
    """First character that is cited."""
    end: int = Field(ge=1)
    """First character that is no longer cited."""


class FileReference(_Part):
    """An evidence file, or one page of it."""

    kind: Literal["file"] = "file"
    snapshot_sha256: Sha256
    evidence_id: EvidenceId
    content_hash: Sha256
    page: int | None = Field(default=None, ge=1)


EvidenceReference: TypeAlias = Annotated[
    Passage | FileReference, Field(discriminator="kind")
]
"""What a judgement rests on; names, numbers and hashes may stand in the clear."""


def section_text(section: Section) -> str:
    r"""Return the words of *section* as the one text that passages cite.

    Blocks are separated by a blank line, rows by ``\n``, cells by ``\t``. Offsets into
    it count Unicode code points.
    """
    return "\n\n".join(block_text(block) for block in section.blocks)


def block_text(block: Block) -> str:
    """Return the words of one block; an image counts as its description."""
    match block:
        case Table(rows=rows):
            return "\n".join("\t".join(row) for row in rows)
        case Image(description=description):
            return description
        case Heading(text=text) | Paragraph(text=text) | PdfPage(text=text):
            return text
