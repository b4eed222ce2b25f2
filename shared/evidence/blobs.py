"""Files of one person, encrypted, by the hash of what is stored.

Invariant: a path is ``person/SHA-256 of the stored bytes``, so what is at a path never
changes; a file is durable before a fact refers to it. This module knows no case and no
role: those who serve people go through `Snapshots`.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

from pydantic import BaseModel, ConfigDict

from shared.crypto import KeyRing, PersonKey, UnknownKeyError
from shared.errors import BadInputError, TooLargeError
from shared.evidence.objects import Objects, open_objects
from shared.evidence.sealing import (
    HEADER_BYTES,
    BlobDamagedError,
    ChunkCipher,
    Header,
    chunk_ranges,
    content_mac,
    seal,
)
from shared.personal import Erased
from shared.vocabulary import Sha256

Note = Callable[[str], Awaitable[None]]
"""Told a path before a file is stored there."""

BLOB_BYTES_MAX = 100 * 1024 * 1024
"""Largest file that is stored; programmes set lower limits (P)."""
SEALED_AT_ONCE = 2
"""A file is held twice while it is sealed, so few at a time bound the memory (ours)."""

_SUBJECT = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PATH = re.compile(rf"{_SUBJECT.pattern}/[0-9a-f]{{64}}")


class BlobPathError(BadInputError):
    """This is not the path of a stored file: person, slash, 64 hexadecimal digits."""


class StoredBlob(BaseModel):
    """Where a file is and what must come out of it; fit to be part of a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    ciphertext_sha256: Sha256
    content_hash: Sha256
    """HMAC-SHA-256 of the content under a key derived from the person's key."""
    size_bytes: int
    """Of the content."""


class BlobStore:
    """Puts and reads whole files, sealed with the keys of *keys*."""

    def __init__(
        self, objects: Objects, keys: KeyRing, note: Note | None = None
    ) -> None:
        self._objects = objects
        self._keys = keys
        self._sealing = asyncio.Semaphore(SEALED_AT_ONCE)
        self._note = note

    def noting(self, note: Note) -> "BlobStore":
        """Return this store, telling *note* of each path before a file is put there."""
        return BlobStore(self._objects, self._keys, note)

    async def put(
        self, subject: str, content: bytes | AsyncIterable[bytes]
    ) -> StoredBlob:
        """Store *content* about *subject*; it is durable when this returns.

        The same content of the same person is stored once, however often it is put.

        Raises:
            TooLargeError: it is over `BLOB_BYTES_MAX`.
            BadInputError: *subject* is not an opaque id.
            SubjectErasedError: the person was erased.
            UnavailableError: the key store or the evidence store does not answer.
        """
        whole = await _gather(content)
        key = await self._key_for(subject)
        async with self._sealing:
            blob, sealed = await asyncio.to_thread(_sealed, whole, key)
            if self._note is not None:
                await self._note(blob.path)
            await self._objects.put(blob.path, sealed)
        return blob

    async def measure(self, subject: str, content: bytes) -> StoredBlob:
        """Return what `put` would return for the same content; nothing is stored.

        Raises as `put`, for the key store alone.
        """
        _check_size(len(content))
        key = await self._key_for(subject)
        async with self._sealing:
            blob, _ = await asyncio.to_thread(_sealed, content, key)
        return blob

    async def remove(self, path: str) -> None:
        """Remove the file at *path*, which no fact may refer to; missing is removed.

        Raises:
            BlobPathError: *path* is not one that `put` gave.
            UnavailableError: the evidence store does not answer.
        """
        if not _PATH.fullmatch(path):
            raise BlobPathError
        await self._objects.remove(path)

    async def _key_for(self, subject: str) -> PersonKey:
        if not _SUBJECT.fullmatch(subject):
            message = "A file is stored for a person: give their opaque id."
            raise BadInputError(message)
        return await self._keys.key_for(subject)

    async def get(self, path: str, *, content_hash: str) -> bytes | Erased:
        """Return the content at *path*, or `Erased` when its key is destroyed.

        Raises:
            BlobPathError: *path* is not one that `put` gave.
            BlobMissingError: there is nothing at *path*.
            BlobDamagedError: it is not what was stored, or not *content_hash*.
            UnknownKeyError: the key store does not know its key.
            UnavailableError: the key store or the evidence store does not answer.
        """
        stream = await self.stream(path, content_hash=content_hash)
        if isinstance(stream, Erased):
            return stream
        return b"".join([chunk async for chunk in stream])

    async def stream(
        self, path: str, *, content_hash: str
    ) -> AsyncIterator[bytes] | Erased:
        """Return the content at *path* in chunks, each verified before it is given.

        Raises as `get`; BlobDamagedError also while iterating, at the first bad chunk.
        """
        if not _PATH.fullmatch(path):
            raise BlobPathError
        subject = path.partition("/")[0]
        size_bytes = await self._objects.size_bytes(path)
        ranges = tuple(chunk_ranges(size_bytes))
        first = await self._objects.read(path, 0, HEADER_BYTES)
        header = Header.decode(first)
        if not hmac.compare_digest(header.content_hash, content_hash):
            raise BlobDamagedError(path=path)
        key = (await self._keys.keys([(subject, header.key_id)])).get(header.key_id)
        if key is None:
            raise UnknownKeyError(path=path, key=header.key_id)
        if key.subject != subject:
            raise BlobDamagedError(path=path)
        return key if isinstance(key, Erased) else self._open(path, ranges, header, key)

    async def _open(
        self,
        path: str,
        ranges: tuple[tuple[int, int], ...],
        header: Header,
        key: PersonKey,
    ) -> AsyncIterator[bytes]:
        cipher, mac = ChunkCipher(header, key), content_mac(key)
        stored = hashlib.sha256(header.encode())
        for number, (start, end) in enumerate(ranges):
            sealed = await self._objects.read(path, start, end)
            last = number == len(ranges) - 1
            try:
                chunk = cipher.open(sealed, number, last=last)
            except BlobDamagedError:
                raise BlobDamagedError(path=path, chunk=number) from None
            stored.update(sealed)
            mac.update(chunk)
            if last and not _as_promised(path, stored.hexdigest(), header, mac):
                raise BlobDamagedError(path=path)
            yield chunk


def _sealed(content: bytes, key: PersonKey) -> tuple[StoredBlob, bytes]:
    """Return where *content* goes, and the bytes that go there."""
    header, sealed = seal(content, key)
    digest = hashlib.sha256(sealed).hexdigest()
    blob = StoredBlob(
        path=f"{key.subject}/{digest}",
        ciphertext_sha256=digest,
        content_hash=header.content_hash,
        size_bytes=len(content),
    )
    return blob, sealed


def open_blob_store(url: str, keys: KeyRing) -> BlobStore:
    """Return the store at *url*: ``file:///path`` or ``s3://bucket/prefix``.

    Raises:
        EvidenceUrlError: the URL is of neither form.
    """
    return BlobStore(open_objects(url), keys)


def _as_promised(path: str, digest: str, header: Header, mac: hmac.HMAC) -> bool:
    return path.endswith(digest) and mac.hexdigest() == header.content_hash


async def _gather(content: bytes | AsyncIterable[bytes]) -> bytes:
    """Return all of *content*, refusing it as soon as it is over the limit."""
    if isinstance(content, bytes):
        _check_size(len(content))
        return content
    gathered = bytearray()
    async for piece in content:
        gathered += piece
        _check_size(len(gathered))
    return bytes(gathered)


def _check_size(size_bytes: int) -> None:
    if size_bytes > BLOB_BYTES_MAX:
        message = "The file is larger than can be stored: send it in parts."
        raise TooLargeError(message, limit_bytes=BLOB_BYTES_MAX)
