"""Tables with every cell in its place, merged and nested ones included."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.submission.documents.contents.word.story import Story
from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    first,
    is_on,
    number,
    tag,
)
from shared.contracts.portfolio import (
    Block,
    CellContent,
    Paragraph,
    Table,
    block_text,
)

_MAX_COLUMNS = 63
"""Columns of a table in Word. Source: Word's own limit."""

_WRAPPERS = {
    tag(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell at its place in the grid."""

    row: int
    column: int
    columns: int
    continues: bool
    """It is the lower part of the cell above."""
    blocks: tuple[Block, ...]
    rows: int = 1


def read_table(table: Element, story: Story) -> Table:
    """Return *table* as rows of equal length; places a merged cell covers are empty."""
    rows = list(_rows(table))
    cells = _merged(
        cell for index, row in enumerate(rows) for cell in _cells(row, index, story)
    )
    width = max((cell.column + cell.columns for cell in cells), default=0)
    grid = [[""] * width for _ in rows]
    for cell in cells:
        grid[cell.row][cell.column] = _flat(cell.blocks)
    return Table(
        rows=tuple(tuple(row) for row in grid),
        header_rows=_header_rows(table, rows, cells),
        cells=tuple(_content(cell) for cell in cells if _has_more_than_text(cell)),
    )


def _rows(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag("w:tr"):
            if first(child, "w:trPr/w:del") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


def _cells(row: Element, index: int, story: Story) -> Iterator[_Cell]:
    column = min(number(first(row, "w:trPr/w:gridBefore"), "w:val"), _MAX_COLUMNS)
    column = max(column, 0)
    for cell in _cell_elements(row):
        properties = first(cell, "w:tcPr")
        span = number(first(properties, "w:gridSpan"), "w:val", default=1)
        columns = max(1, min(span, _MAX_COLUMNS))
        merge = first(properties, "w:vMerge")
        yield _Cell(
            row=index,
            column=column,
            columns=columns,
            continues=merge is not None and attribute(merge, "w:val") != "restart",
            blocks=story.read_blocks(cell, story),
        )
        column += columns


def _cell_elements(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag("w:tc"):
            if first(child, "w:tcPr/w:cellDel") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _cell_elements(child)


def _merged(cells: Iterator[_Cell]) -> list[_Cell]:
    """Give the rows of a cell's lower parts to the cell they belong to."""
    kept: list[_Cell] = []
    above: dict[int, int] = {}
    for cell in cells:
        origin = above.get(cell.column)
        if cell.continues and origin is not None and not cell.blocks:
            kept[origin] = replace(kept[origin], rows=cell.row - kept[origin].row + 1)
        else:
            above[cell.column] = len(kept)
            kept.append(cell)
    return kept


def _header_rows(table: Element, rows: list[Element], cells: list[_Cell]) -> int:
    marked = 0
    for row in rows:
        if not is_on(first(row, "w:trPr"), "w:tblHeader"):
            break
        marked += 1
    looks = attribute(first(table, "w:tblPr/w:tblLook"), "w:firstRow") == "1"
    is_bold = all(_is_bold(cell.blocks) for cell in cells if cell.row == 0)
    return marked or int(looks and is_bold and len(rows) > 1)


def _is_bold(blocks: tuple[Block, ...]) -> bool:
    return all(
        isinstance(block, Paragraph)
        and sum(part.end - part.start for part in block.emphasis if part.bold)
        == len(block.text)
        for block in blocks
    )


def _flat(blocks: tuple[Block, ...]) -> str:
    """Return the words of a cell; a nested table is a line for each of its rows."""
    return "\n".join(
        "\n".join(" | ".join(row) for row in block.rows)
        if isinstance(block, Table)
        else block_text(block)
        for block in blocks
    )


def _has_more_than_text(cell: _Cell) -> bool:
    return (cell.rows, cell.columns) != (1, 1) or _needs_blocks(cell.blocks)


def _needs_blocks(blocks: tuple[Block, ...]) -> bool:
    return any(
        not isinstance(block, Paragraph) or block.style == "list_item"
        for block in blocks
    )


def _content(cell: _Cell) -> CellContent:
    return CellContent(
        row=cell.row,
        column=cell.column,
        rows=cell.rows,
        columns=cell.columns,
        blocks=cell.blocks if _needs_blocks(cell.blocks) else (),
    )
