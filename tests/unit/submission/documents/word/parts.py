"""Pieces of Word documents for several tests."""

from shared.contracts.portfolio import (
    Block,
    Table,
    block_text,
)
from tests.unit.submission.documents.building import (
    WordParts,
    read_body,
    read_word_bytes,
)


def texts(body: str) -> list[str]:
    """Return the words of each block of *body*."""
    return [block_text(block) for block in read_body(body).blocks]


def cell(inside: str, properties: str = "") -> str:
    """Return a table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def table(*rows: str, looks: str = "") -> str:
    """Return a table of rows of cells."""
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{looks}</w:tblPr>{body}</w:tbl>"


def only_table(body: str) -> Table:
    """Return the one block of *body*, which is a table."""
    (block,) = read_body(body).blocks
    assert isinstance(block, Table)
    return block


def drawing(inside: str, alt: str = "") -> str:
    """Return a paragraph with a drawing."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="{alt}"/>{inside}'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def document_with(
    body: str, links: dict[str, tuple[str, str]], parts: dict[str, bytes]
) -> tuple[Block, ...]:
    """Return the blocks of a document with further parts."""
    return read_word_bytes(WordParts(body, links=links, parts=parts).packed()).blocks
