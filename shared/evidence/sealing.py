"""The stored form of a file: encrypted in chunks for one person.

Format ``ATTESTB1``, all numbers big-endian::

    header   8 bytes   b"ATTESTB1"
            16 bytes   id of the person's key (UUID)
            32 bytes   content hash: HMAC-SHA-256 of the content under a key derived
                       from the person's key
    chunks   each 1 MiB of content and 16 bytes of tag; the last may be shorter, and
             an empty file has one empty chunk

AES-256-GCM under a key derived from the person's key with the content hash as salt;
nonce = number of the chunk, from 0, 12 bytes; associated data = header and one byte, 1
for the last chunk and 0 for all others. So chunks cannot be dropped, repeated,
reordered or exchanged, and an end that is missing is noticed.

Invariant: a key encrypts one content only, so that nonces never repeat, and the same
content of the same person always gives the same bytes: storing it again is harmless.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.crypto import Label, PersonKey
from shared.errors import ServiceError

MAGIC = b"ATTESTB1"
CHUNK_BYTES = 1024 * 1024
"""What is held in memory for one reader, times two (ours)."""
TAG_BYTES = 16
NONCE_BYTES = 12
HEADER_BYTES = len(MAGIC) + 16 + 32


class BlobDamagedError(ServiceError):
    """A stored file is not what was stored: restore it from a backup."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which key opens the file, and what its content hash must be."""

    key_id: str
    content_hash: str

    def encode(self) -> bytes:
        """Return the 56 bytes a stored file begins with."""
        return MAGIC + UUID(self.key_id).bytes + bytes.fromhex(self.content_hash)

    @classmethod
    def decode(cls, raw: bytes) -> "Header":
        """Return what the first bytes of a stored file say.

        Raises:
            BlobDamagedError: they are not such bytes.
        """
        if len(raw) != HEADER_BYTES or not raw.startswith(MAGIC):
            raise BlobDamagedError
        key_id, content_hash = raw[len(MAGIC) : -32], raw[-32:]
        return cls(key_id=str(UUID(bytes=key_id)), content_hash=content_hash.hex())


def content_mac(key: PersonKey) -> "hmac.HMAC":
    """Return a MAC that gives the content hash once it was fed the content."""
    return hmac.new(key.derive(Label.CONTENT_HASH), digestmod=hashlib.sha256)


def seal(content: bytes, key: PersonKey) -> tuple[Header, bytes]:
    """Return the header and all stored bytes, header included, of *content*."""
    mac = content_mac(key)
    mac.update(content)
    header = Header(key_id=key.id, content_hash=mac.hexdigest())
    cipher = ChunkCipher(header, key)
    count = max(1, -(-len(content) // CHUNK_BYTES))
    view = memoryview(content)
    sealed = (
        cipher.seal(view[start : start + CHUNK_BYTES], number, last=number == count - 1)
        for number, start in enumerate(range(0, count * CHUNK_BYTES, CHUNK_BYTES))
    )
    return header, b"".join((header.encode(), *sealed))


def chunk_ranges(size_bytes: int) -> Iterator[tuple[int, int]]:
    """Return where the chunks of a stored file of *size_bytes* begin and end.

    Raises:
        BlobDamagedError: no stored file has this size.
    """
    step = CHUNK_BYTES + TAG_BYTES
    for start in range(HEADER_BYTES, size_bytes, step):
        yield start, min(start + step, size_bytes)
    if size_bytes < HEADER_BYTES + TAG_BYTES:
        raise BlobDamagedError


class ChunkCipher:
    """Seals and opens the chunks of one file."""

    def __init__(self, header: Header, key: PersonKey) -> None:
        salt = bytes.fromhex(header.content_hash)
        self._cipher = AESGCM(key.derive(Label.BLOB, salt=salt))
        self._header = header.encode()

    def seal(self, chunk: bytes | memoryview, number: int, *, last: bool) -> bytes:
        """Return chunk *number* as stored."""
        return self._cipher.encrypt(_nonce(number), chunk, self._bound(last=last))

    def open(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        """Return the content of chunk *number*.

        Raises:
            BlobDamagedError: it is not chunk *number* of this file, or not the last.
        """
        try:
            bound = self._bound(last=last)
            return self._cipher.decrypt(_nonce(number), sealed, bound)
        except (InvalidTag, ValueError):
            raise BlobDamagedError(chunk=number) from None

    def _bound(self, *, last: bool) -> bytes:
        return self._header + bytes([last])


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")
