"""Pages and pictures set with Typst from data: PDFs, bar charts and pinned notes.

The same data gives the same bytes: no date, no fonts of the machine.
"""

import json
from pathlib import Path
from typing import Literal

import typst

_TEMPLATES = Path(__file__).parent / "templates"
_PIXELS_PER_INCH = 110.0


def draw_pdf(title: str, blocks: list[dict[str, object]]) -> bytes:
    """Return an A4 document of *blocks*, each as the contracts dump it."""
    return _compiled("document.typ", {"title": title, "blocks": blocks}, "pdf")


def draw_picture(figure: dict[str, object]) -> bytes:
    """Return a figure as PNG: ``kind: bars``, ``notes`` or ``page``."""
    return _compiled(f"{figure['kind']}.typ", figure, "png")


def _compiled(
    template: str, data: dict[str, object], output: Literal["pdf", "png"]
) -> bytes:
    compiled = typst.compile(
        _TEMPLATES / template,
        format=output,
        ppi=_PIXELS_PER_INCH,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    if not isinstance(compiled, bytes):
        message = f"{template}: more than one picture"
        raise TypeError(message)
    return compiled
