r"""Header fields, written out exactly.

The standard library folds long encoded names so that spaces get lost and lines get too
long, so the few forms that a letter needs are written here.

Invariant: a field is one header: whatever the words are, no line of it can be another.
Source: RFC 5322 2.1.1 and 3.4, RFC 2047 2 and 5, RFC 6532 3.2 (addresses in UTF-8).
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime

from services.notification.letters.addresses import Correspondent, postal_address
from services.notification.letters.plain import one_line
from shared.errors import BadInputError
from shared.london import LONDON

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]{1,64}@[A-Za-z0-9.-]{1,255}>")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PRINTABLE = re.compile(r"[ -~]*")
_SHORT = 60
"""Longer words are encoded, which lets them be folded: a line has 78 characters."""
_WORD_BYTES = 42
"""So many bytes make a word of 68 characters, which fits beside ``Subject:``."""


class MalformedMessageIdError(BadInputError):
    """The Message-ID is not of the form <name@domain>."""


def address_field(name: str, correspondent: Correspondent) -> str:
    """Return a field like ``To``.

    Raises:
        MalformedAddressError: the address is not name@domain.
    """
    address = "@".join(postal_address(correspondent.address))
    phrase = _phrase(correspondent.display_name)
    return f"{name}: {phrase}\r\n <{address}>" if phrase else f"{name}: <{address}>"


def text_field(name: str, words: str) -> str:
    """Return a field like ``Subject``."""
    text = one_line(words)
    is_simple = _PRINTABLE.fullmatch(text) and "=?" not in text
    return f"{name}: {text if is_simple and len(text) <= _SHORT else _encoded(text)}"


def date_field(name: str, at: datetime) -> str:
    """Return a field like ``Date``, in London time."""
    return f"{name}: {format_datetime(at.astimezone(LONDON))}"


def message_id_field(message_id: str) -> str:
    """Return the field ``Message-ID``.

    Raises:
        MalformedMessageIdError: it is not of the form <name@domain>.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise MalformedMessageIdError
    return f"Message-ID: {message_id}"


def _phrase(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if len(escaped) > _SHORT or "=?" in text or not _PRINTABLE.fullmatch(text):
        return _encoded(text)
    return text if _ATOMS.fullmatch(text) else f'"{escaped}"'


def _encoded(text: str) -> str:
    """Return encoded words, a line for each; readers drop the space between them."""
    words = (base64.b64encode(piece).decode("ascii") for piece in _pieces(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _pieces(text: str) -> Iterator[bytes]:
    """Part *text* into UTF-8 of at most 42 bytes, never inside a character."""
    piece = b""
    for sign in text:
        encoded = sign.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += encoded
    if piece:
        yield piece
