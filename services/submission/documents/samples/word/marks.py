r"""Marks in a source for what Markdown has no words for.

``{++added++}`` and ``{--taken out--}`` are tracked changes; ``{tick}`` is a tick
that Word keeps as a letter of the font Wingdings.
"""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "added", "removed", "tick"]

_MARK = re.compile(
    r"\{\+\+(?P<added>.+?)\+\+\}|\{--(?P<removed>.+?)--\}|(?P<tick>\{tick\})"
)
_TICK = "\N{CHECK MARK}"


def pieces(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield *text* in pieces of one kind; a tick comes as the sign for it."""
    start = 0
    for found in _MARK.finditer(text):
        if found.start() > start:
            yield "text", text[start : found.start()]
        if found["added"] is not None:
            yield "added", found["added"]
        elif found["removed"] is not None:
            yield "removed", found["removed"]
        else:
            yield "tick", _TICK
        start = found.end()
    if text[start:]:
        yield "text", text[start:]


def accepted(text: str) -> str:
    """Return *text* as it reads once every change is accepted."""
    return "".join(words for kind, words in pieces(text) if kind != "removed")
