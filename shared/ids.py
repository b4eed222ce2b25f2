"""Identity: fresh ids, and ids derived from what caused something."""

import hashlib
from uuid import UUID, uuid4

_VERSION_8 = 0x8
_VARIANT = 0b10


def new_id() -> UUID:
    """Return a fresh random identifier."""
    return uuid4()


def derived_id(*parts: str) -> UUID:
    """Return the UUIDv8 that *parts* always lead to.

    The first 122 free bits of SHA-256 over the length-prefixed UTF-8 parts, so the
    same command leads to the same event ids however often it is tried.
    Source: RFC 9562, section 5.8.
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    number = int.from_bytes(digest.digest()[:16], "big")
    number &= ~(0xF << 76) & ~(0b11 << 62)
    number |= (_VERSION_8 << 76) | (_VARIANT << 62)
    return UUID(int=number)
