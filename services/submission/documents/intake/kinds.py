"""Which kinds of file a portfolio may hold, and whether a file is what it says.

The ending of the name and the content must agree; the content is never guessed from
the name alone.
"""

from enum import StrEnum
from pathlib import PurePosixPath

import puremagic

from services.submission.documents.refusals import UnreadableError

_HEAD_BYTES = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


class Kind(StrEnum):
    """A kind of file that can be read."""

    WORD = "a Word document"
    PDF = "a PDF"
    PNG = "a PNG picture"
    JPEG = "a JPEG picture"
    MARKDOWN = "a text file"
    FORM = "the form portfolio.yaml"

    @property
    def media_type(self) -> str:
        """The media type under which the original is kept."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Kind.WORD: "application/vnd.openxmlformats-officedocument"
    ".wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.MARKDOWN: "text/markdown",
    Kind.FORM: "application/yaml",
}

_ENDINGS = {
    ".docx": Kind.WORD,
    ".pdf": Kind.PDF,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".md": Kind.MARKDOWN,
}

_FORM_NAMES = {"portfolio.yaml", "portfolio.yml"}

_MACROS = "Save it as an ordinary Word document (.docx), which holds no macros."
_REMEDIES = {
    ".docm": _MACROS,
    ".dotm": _MACROS,
    ".doc": "Open it in Word and save it as a Word document (.docx).",
    ".odt": "Save it as a Word document (.docx) or a PDF.",
    ".rtf": "Save it as a Word document (.docx) or a PDF.",
    ".pages": "Export it as a Word document (.docx) or a PDF.",
    ".txt": "Rename it to end in .md, or save it as a Word document.",
    ".zip": "Put the files themselves into the folder, not a zip of them.",
    ".heic": "Save the picture as JPEG (.jpg).",
}
_ANY_REMEDY = "Save it as docx, pdf, png, jpg or md, or leave it out."


def kind_of(name: str) -> Kind:
    """Return the kind that the ending of *name* claims.

    Raises:
        UnreadableError: files of this kind are not taken; says what to save instead.
    """
    ending = PurePosixPath(name).suffix.casefold()
    if name.casefold() in _FORM_NAMES:
        return Kind.FORM
    if ending not in _ENDINGS:
        reason = f"Files ending in {ending or 'nothing'} are not accepted."
        raise UnreadableError(reason, _REMEDIES.get(ending, _ANY_REMEDY))
    return _ENDINGS[ending]


def refuse_disguised(kind: Kind, content: bytes) -> None:
    """Check that *content* begins like a file of *kind*.

    Raises:
        UnreadableError: empty, locked with a password, or something else.
    """
    if not content:
        raise UnreadableError("It is empty.", "Save it again, or leave it out.")
    if kind in {Kind.MARKDOWN, Kind.FORM}:
        _refuse_binary(content)
    elif kind is Kind.WORD:
        _refuse_other_than_word(content)
    elif sniffed(content) != kind.media_type:
        reason = f"Its name says {kind}, but its content is something else."
        raise UnreadableError(reason, "Save it again in the format its name says.")


def sniffed(content: bytes) -> str | None:
    """Return the media type that the first bytes of *content* show, or None."""
    try:
        found = puremagic.from_string(content[:_HEAD_BYTES], mime=True)
    except (puremagic.PureError, ValueError):
        return None
    return str(found) or None


def _refuse_binary(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = "It is not text saved as UTF-8."
        raise UnreadableError(reason, "Save it as UTF-8 text, or as docx.") from error
    if "\0" in text:
        reason = "It holds bytes that are no text."
        raise UnreadableError(reason, "Save it as UTF-8 text, or as docx.")


def _refuse_other_than_word(content: bytes) -> None:
    if content.startswith(_OLE) and _OLE_ENCRYPTED in content:
        reason = "It is locked with a password."
        raise UnreadableError(reason, "Remove the password in Word and save it again.")
    if content.startswith(_OLE):
        reason = "It is an older Word document (.doc) with the ending .docx."
        raise UnreadableError(reason, _REMEDIES[".doc"])
    if not content.startswith(_ZIP_STARTS):
        reason = f"Its name says {Kind.WORD}, but its content is something else."
        raise UnreadableError(reason, "Save it again in Word as .docx.")
