"""Figures in columns, for people."""

from collections.abc import Iterable, Sequence

DECIMALS = 4
"""Of figures for programs."""
NONE = "-"

Cells = Sequence[str]


def table(title: str, headings: Cells, rows: Iterable[Cells]) -> str:
    """Return lines of text: the first column to the left, figures to the right."""
    lines = [headings, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(headings))]
    told = [title]
    for first, *figures in lines:
        sized = zip(figures, widths[1:], strict=True)
        right = (cell.rjust(width) for cell, width in sized)
        told.append("  ".join((first.ljust(widths[0]), *right)))
    return "\n".join(told)
