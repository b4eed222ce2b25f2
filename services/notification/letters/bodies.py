"""The two bodies of a letter: text for every reader, HTML for most."""

import textwrap
from dataclasses import asdict

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.notification.letters.document import Document
from services.notification.letters.words import FOLDER

_WIDTH = 72
"""Columns of a text body. Source: RFC 3676 4.2 (78 with room for quoting)."""


def text_body(document: Document) -> str:
    """Return the letter as text, lines of 72 columns where words allow."""
    return _text.get_template("letter.txt.jinja").render(asdict(document))


def html_body(document: Document) -> str:
    """Return the letter as HTML: inline styles, nothing fetched from elsewhere."""
    return _html.get_template("letter.html.jinja").render(asdict(document))


def _wrapped(text: str, indent: int = 0, hanging: int | None = None) -> str:
    """Return *text* in lines, the first *indent* columns in, the others *hanging*."""
    lines = [
        textwrap.fill(
            line,
            _WIDTH,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent if hanging is None else hanging),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    ]
    return "\n".join(lines)


_text = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - a text body has no markup to escape
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_text.filters["wrapped"] = _wrapped
_html = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
