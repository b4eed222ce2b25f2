"""One spelling for an e-mail address, so that one mailbox has one keyed hash."""

import unicodedata

from shared.errors import BadInputError


class AddressError(BadInputError):
    """The e-mail address is not of the form name@domain."""


def normalise_address(address: str) -> str:
    """Return the spelling of *address* that is hashed.

    White space around it is removed, the rest is put into Unicode normal form C and
    casefolded, name and domain alike, and one dot at the end of the domain is removed.
    RFC 5321 2.4 lets a server tell "Ana@" from "ana@"; spreadsheets and sign-in tokens
    do not keep that difference, so neither do we.

    Raises:
        AddressError: there is no name, no domain, or white space inside.
    """
    spelling = unicodedata.normalize("NFC", address.strip()).casefold()
    name, _, domain = unicodedata.normalize("NFC", spelling).rpartition("@")
    domain = domain.removesuffix(".")
    if not name or not domain or any(sign.isspace() for sign in spelling):
        raise AddressError
    return f"{name}@{domain}"
