"""The number on a certificate: nobody can guess one, and a misread one shows.

``ATS-2026-7K2M-0QXD-9B4T-HWCE-5``: programme, year, 80 random bits, a check character.
"""

import base64
import re

SECRET_BYTES = 10
"""80 bits: among a million certificates, a guess meets one in 10**18."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are misread. Source: Douglas Crockford, Base 32."""
_RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_RFC_4648, _CROCKFORD)

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = len(_ALPHABET)
_NUMBER = re.compile(r"^[A-Z][A-Z0-9-]*-\d{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}-[0-9A-Z]$")


def award_number(programme: str, year: int, secret: bytes) -> str:
    """Return the number that *secret*, `SECRET_BYTES` long, stands for."""
    if len(secret) != SECRET_BYTES:
        message = f"an award number needs {SECRET_BYTES} random bytes"
        raise ValueError(message)
    text = base64.b32encode(secret).decode().translate(_TO_CROCKFORD)
    groups = "-".join(text[i : i + 4] for i in range(0, len(text), 4))
    body = f"{programme}-{year}-{groups}"
    return f"{body}-{_check_character(body)}"


def is_award_number(text: str) -> bool:
    """Tell whether *text* can be a number of ours: form and check character."""
    if not _NUMBER.fullmatch(text):
        return False
    body, _, check = text.rpartition("-")
    return _check_character(body) == check


def _check_character(body: str) -> str:
    """Return the check character: it finds every single wrong character.

    Source: ISO/IEC 7064, MOD 37,36, a hybrid system.
    """
    product = _MODULUS
    for character in body.replace("-", ""):
        total = (product + _ALPHABET.index(character)) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return _ALPHABET[(1 - product) % _MODULUS]
