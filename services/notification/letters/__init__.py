"""Letters: a decision in words, as the exact bytes that a mail server is handed.

Invariant: the same letter gives the same bytes, in every process and at every try, and
nothing that a person wrote can become markup, a header or an address.
"""

from services.notification.letters.addresses import (
    Correspondent,
    MalformedAddressError,
    message_id_of,
    postal_address,
)
from services.notification.letters.headers import MalformedMessageIdError
from services.notification.letters.letter import Letter, RenderedLetter
from services.notification.letters.pdf import LetterUnprintableError
from services.notification.letters.press import LetterPress, PressBrokenError
from services.notification.letters.preview import (
    LetterUnknownError,
    Preview,
    preview,
)
from services.notification.letters.render import render_letter

__all__ = [
    "Correspondent",
    "Letter",
    "LetterPress",
    "LetterUnknownError",
    "LetterUnprintableError",
    "MalformedAddressError",
    "MalformedMessageIdError",
    "PressBrokenError",
    "Preview",
    "RenderedLetter",
    "message_id_of",
    "postal_address",
    "preview",
    "render_letter",
]
