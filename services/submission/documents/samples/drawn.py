"""Pages and pictures set with Typst from data: PDFs, bar charts and pinned notes.

The same data gives the same bytes: no date, no fonts of the machine.
"""

import json
from pathlib import Path
from typing import Literal

import typst

_TEMPLATES = Path(__file__).parent / "templates"
_PIXELS_PER_INCH = 110.0
_SCANNED_PER_INCH = 72.0
"""Scans are coarse, as scans are; they are also written slowly."""


def draw_pdf(title: str, blocks: list[dict[str, object]]) -> bytes:
    """Return an A4 document of *blocks*, each as the contracts dump it."""
    content: dict[str, object] = {"title": title, "blocks": blocks}
    return _compiled("document.typ", content, "pdf", _PIXELS_PER_INCH)


def draw_picture(figure: dict[str, object], *, to_scan: bool = False) -> bytes:
    """Return a figure as PNG: ``kind: bars``, ``notes`` or ``page``."""
    per_inch = _SCANNED_PER_INCH if to_scan else _PIXELS_PER_INCH
    return _compiled(f"{figure['kind']}.typ", figure, "png", per_inch)


def _compiled(
    template: str,
    data: dict[str, object],
    output: Literal["pdf", "png"],
    per_inch: float,
) -> bytes:
    compiled = typst.compile(
        _TEMPLATES / template,
        format=output,
        ppi=per_inch,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    if not isinstance(compiled, bytes):
        message = f"{template}: more than one picture"
        raise TypeError(message)
    return compiled
