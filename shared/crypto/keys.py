"""Secret keys: the key-encryption key, one key per person, and keys derived from them.

No key is used for two things: each use derives its own by HKDF-SHA256 under its own
`Label` (RFC 5869). A key never appears in a repr, an error or a log line.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from shared.crypto.addresses import normalise_address
from shared.errors import ServiceError

KEY_BYTES = 32
"""AES-256."""
NONCE_BYTES = 12
"""96 bits, the size AES-GCM is defined for. Source: NIST SP 800-38D, 8.2."""


class KeyEncryptionKeyError(ServiceError):
    """KEY_ENCRYPTION_KEY must be 32 random bytes as base64url."""


class UnwrapError(ServiceError):
    """A wrapped key was altered, moved, or wrapped under another key."""


class Label(StrEnum):
    """What a derived key is for; the version changes when its use does."""

    WRAP = "attest/wrap/1"
    CHECK = "attest/check/1"
    ADDRESS = "attest/address/1"
    ENVELOPE = "attest/envelope/1"
    BLOB = "attest/blob/1"
    CONTENT_HASH = "attest/content-hash/1"
    REQUEST = "attest/request/1"
    LINK = "attest/link/1"


def bind(*parts: str) -> bytes:
    """Return *parts* as bytes that no other parts lead to, for associated data.

    Each part is UTF-8 behind its length in bytes, four bytes, big-endian.
    """
    encoded = (part.encode() for part in parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def derive(secret: bytes, label: Label, *, salt: bytes | None = None) -> bytes:
    """Return the 32 bytes that *secret* gives for *label*, by HKDF-SHA256."""
    expand = HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=label.value.encode()
    )
    return expand.derive(secret)


def encode(raw: bytes) -> str:
    """Return *raw* as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding.

    Raises:
        ValueError: it is not exactly what `encode` would have written.
    """
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    if encode(raw) != text:
        message = "not canonical base64url"
        raise ValueError(message)
    return raw


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The unwrapped key of one person. Lives in memory only, for a short time."""

    id: str
    subject: str
    _secret: bytes = field(repr=False)

    def derive(self, label: Label, *, salt: bytes | None = None) -> bytes:
        """Return the 32 bytes this person's key gives for *label*."""
        return derive(self._secret, label, salt=salt)


class KeyEncryptionKey:
    """The one secret that opens the key store; it is kept nowhere in the system."""

    def __init__(self, encoded: SecretStr) -> None:
        try:
            secret = decode(encoded.get_secret_value().rstrip("="))
        except (ValueError, binascii.Error):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise KeyEncryptionKeyError
        self._wrapping = AESGCM(derive(secret, Label.WRAP))
        self._address = derive(secret, Label.ADDRESS)
        self._request = derive(secret, Label.REQUEST)
        self._link = derive(secret, Label.LINK)
        self.check = derive(secret, Label.CHECK)
        """32 bytes that tell this key from another and nothing else about it."""

    def wrap(self, secret: bytes, *bound_to: str) -> bytes:
        """Return nonce and ciphertext of *secret*, bound to the given names."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, secret, bind(*bound_to))

    def unwrap(self, wrapped: bytes, *bound_to: str) -> bytes:
        """Return what was wrapped for exactly these names.

        Raises:
            UnwrapError: any bit, any name or the key-encryption key is another.
        """
        nonce, ciphertext = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return self._wrapping.decrypt(nonce, ciphertext, bind(*bound_to))
        except (InvalidTag, ValueError):
            raise UnwrapError(bound_to=list(bound_to)) from None

    def request_digest(self, digest: bytes) -> bytes:
        """Return HMAC-SHA-256 of the *digest* of a request's body, 32 bytes."""
        return hmac.digest(self._request, digest, "sha256")

    def link_mac(self, *parts: str) -> str:
        """Return HMAC-SHA-256 of *parts* under the key of one-time links, base64url."""
        return encode(hmac.digest(self._link, bind(*parts), "sha256"))

    def address_hash(self, address: str) -> str:
        """Return HMAC-SHA-256 of the normalised *address*, 64 hexadecimal digits.

        Raises:
            AddressError: it is not of the form name@domain.
        """
        spelling = normalise_address(address).encode()
        return hmac.new(self._address, spelling, hashlib.sha256).hexdigest()
