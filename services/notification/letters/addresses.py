"""Addresses and identities of mail, checked before they become part of a header.

Source: RFC 5321 4.1.2 and 4.5.3.1 (form and size), RFC 6531 3.3 (beyond ASCII).
"""

import hashlib
import re
from dataclasses import dataclass

import idna

from services.notification.letters.plain import one_line
from shared.errors import BadInputError

_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-"
_NAME = re.compile(
    rf"(?:[{_ATEXT}]|[^\W\x00-\x7f])+(?:\.(?:[{_ATEXT}]|[^\W\x00-\x7f])+)*"
)
_DOMAIN = re.compile(
    r"(?=.{1,255}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_MAX_NAME_BYTES = 64
"""Source: RFC 5321 4.5.3.1.1."""
_MAX_DISPLAY_NAME = 200
"""Longer is no name; the letter itself still shows it in full (P)."""


class MalformedAddressError(BadInputError):
    """The e-mail address is not of the form name@domain: correct it and try again."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Who writes or is written to."""

    name: str
    """As the person spells it; may be empty."""
    address: str

    @property
    def display_name(self) -> str:
        """The name as it stands in a header: one line."""
        return one_line(self.name)[:_MAX_DISPLAY_NAME]


def postal_address(address: str) -> tuple[str, str]:
    """Return name and domain of *address*; the domain in ASCII, as DNS knows it.

    Raises:
        MalformedAddressError: it has another form, or is too long.
    """
    name, _, domain = address.strip().rpartition("@")
    fits = len(name.encode(errors="replace")) <= _MAX_NAME_BYTES
    if not fits or not _NAME.fullmatch(name):
        raise MalformedAddressError
    ascii_domain = _in_ascii(domain)
    if not _DOMAIN.fullmatch(ascii_domain):
        raise MalformedAddressError
    return name, ascii_domain


def message_id_of(notice_id: str, domain: str) -> str:
    """Return the Message-ID of the one letter of a notice, the same at every try.

    Raises:
        MalformedAddressError: *domain* is not a domain.
    """
    _, ascii_domain = postal_address(f"letter@{domain}")
    digest = hashlib.sha256(notice_id.encode()).hexdigest()[:32]
    return f"<{digest}@{ascii_domain}>"


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise MalformedAddressError from None
