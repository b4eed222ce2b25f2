"""The text of a source as blocks: paragraphs, captions, pictures, tables in tables."""

import re
from collections.abc import Iterator
from pathlib import Path

from services.submission.documents.contents import content_id
from services.submission.documents.contents.markdown import read_markdown
from services.submission.documents.contents.pictures import pixels
from shared.contracts.portfolio import Block, CellContent, Image, Paragraph, Table

TABLE = ".table.md"
"""How the file of a table ends that stands in a cell of another."""

_PICTURE_LINE = re.compile(
    r"^!\[(?P<description>[^\]]*)\]\((?P<file>[^)]+)\)$", re.MULTILINE
)
_CAPTION = re.compile(r"^(Figure|Table) \d+\. ")
_INNER_TABLE = re.compile(r"\[\[(?P<file>[^\]]+)\]\]$")


def pieces(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield texts, and (description, file) for each picture between them."""
    start = 0
    for found in _PICTURE_LINE.finditer(source):
        yield source[start : found.start()]
        yield found["description"], found["file"]
        start = found.end()
    yield source[start:]


def text_blocks(source: str, folder: Path) -> Iterator[Block]:
    """Yield the blocks of Markdown; files named in cells are looked for in *folder*."""
    for block in read_markdown(source.encode()).blocks:
        if isinstance(block, Paragraph) and _CAPTION.match(block.text):
            yield block.model_copy(update={"style": "caption"})
        elif isinstance(block, Table):
            yield _with_inner_tables(block, folder)
        else:
            yield block


def _with_inner_tables(table: Table, folder: Path) -> Table:
    """Return *table* with the tables its cells ask for inside them."""
    rows: list[tuple[str, ...]] = []
    cells: list[CellContent] = []
    for number, row in enumerate(table.rows):
        rows.append(tuple(_INNER_TABLE.sub("", cell) for cell in row))
        for column, cell in enumerate(row):
            if found := _INNER_TABLE.search(cell):
                inner = read_markdown((folder / found["file"]).read_bytes()).blocks
                cells.append(CellContent(row=number, column=column, blocks=inner))
    return table.model_copy(update={"rows": tuple(rows), "cells": tuple(cells)})


def image(data: bytes, description: str) -> Image:
    """Return the picture in *data* as a block."""
    width_px, height_px = pixels(data) or (None, None)
    return Image(
        evidence_id=content_id(data),
        description=description,
        width_px=width_px,
        height_px=height_px,
    )
