"""The letter as a file to print and keep: PDF/A-2a and PDF/UA-1, fonts inside.

Invariant: equal documents give equal bytes. Only the fonts that come with the
typesetter are used, and words reach it as data, never as source.
"""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache

import typst

from services.notification.letters.document import Document
from services.notification.letters.words import FOLDER
from shared.errors import ServiceError

LAYOUT = "letter.typ"
_SUBSTITUTE = "\u25a1"
"""An empty square stands for a character that no font has."""
_SAFE_BELOW = 0x180
"""Latin with its extensions A: every font has it."""
_PROBE = b'#set document(title: "Probe")\n#sys.inputs.letter'


class LetterUnprintableError(ServiceError):
    """The letter could not be set as PDF: its layout is at fault, not its words."""


def pdf_of(document: Document, *, created_at: datetime) -> bytes:
    """Return the letter as PDF, created at *created_at* to the second.

    Characters that the fonts do not have become empty squares, and the letter says so.

    Raises:
        LetterUnprintableError: the typesetter refused.
    """
    try:
        source = _source(document, is_complete=True)
        return _set(LAYOUT, source, created_at)
    except typst.TypstError:
        source = _source(document, is_complete=False)
        return typeset(LAYOUT, source, created_at=created_at)


def typeset(layout: str, words: str, *, created_at: datetime) -> bytes:
    """Return *words*, a JSON object, set in a *layout* of the templates.

    Characters that the fonts do not have become empty squares.

    Raises:
        LetterUnprintableError: the typesetter refused.
    """
    try:
        return _set(layout, _shown_only(words), created_at)
    except typst.TypstError:
        raise LetterUnprintableError from None  # the message may quote the letter


def _source(document: Document, *, is_complete: bool) -> str:
    values = {**asdict(document), "is_complete": is_complete}
    return json.dumps(values, ensure_ascii=False)


def _shown_only(source: str) -> str:
    unusual = {sign for sign in source if ord(sign) >= _SAFE_BELOW}
    table = {ord(sign): _SUBSTITUTE for sign in unusual if not _can_show(sign)}
    return source.translate(table)


def _set(layout: str, words: str, created_at: datetime) -> bytes:
    source = (FOLDER / layout).read_bytes()
    return _compiled(source, words, int(created_at.timestamp()))


@cache
def _can_show(sign: str) -> bool:
    try:
        _compiled(_PROBE, sign, 0)
    except typst.TypstError:
        return False
    return True


def _compiled(source: bytes, letter: str, created_at: int) -> bytes:
    compiler = typst.Compiler(
        source, root=FOLDER, font_paths=_fonts(), sys_inputs={"letter": letter}
    )
    # For archives (ISO 19005-2) and for screen readers (ISO 14289-1).
    pdf = compiler.compile(
        format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=created_at
    )
    if not isinstance(pdf, bytes):
        raise LetterUnprintableError
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
