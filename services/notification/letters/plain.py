"""Words as people typed them, without the characters that only do harm."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # embeddings and overrides: they reorder other words
    "\ud800-\udfff\ufffe\uffff\ufeff]"  # not characters
)


def plain(text: str) -> str:
    r"""Return *text* in normal form C, lines ended by ``\n``, controls removed."""
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", lines)).strip()


def one_line(text: str) -> str:
    """Return *text* on one line, single spaces between the words."""
    return " ".join(plain(text).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of *text*: a blank line parts them, a line end stays."""
    parts = _BLANK_LINES.split(plain(text))
    return tuple(part.strip() for part in parts if part.strip())
