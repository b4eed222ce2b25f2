"""Plain text that somebody typed, as paragraphs."""

import re

from shared.contracts.portfolio import Paragraph

_BLANK_LINES = re.compile(r"\n[ \t]*\n")


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Return a paragraph for each stretch of *text* between blank lines.

    Line ends of all systems are the same, and characters that no text holds are left
    out.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    parts = (part.strip() for part in _BLANK_LINES.split(lines))
    return tuple(Paragraph(text=part) for part in parts if part)
