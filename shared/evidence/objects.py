"""Where stored files lie: a local directory or an S3 bucket, through obstore.

Invariant: what `put` has returned survives a power cut, and what is found at a path is
complete. obstore 0.12 renames a file into place without ever calling fsync (seen with
strace), so locally the file and the directories above it are forced to disk here.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from shared.errors import ServiceError, UnavailableError
from shared.ids import new_id

STAGING = ".staging"
_ABANDONED_SECONDS = 24 * 60 * 60.0
"""Whoever still wrote aside after so long was ended: its files go at the next start."""


class EvidenceUrlError(ServiceError):
    """EVIDENCE_URL must be file:///path or s3://bucket/prefix."""


class BlobMissingError(ServiceError):
    """A stored file is not in the evidence store: restore it from a backup."""


class Objects(Protocol):
    """Bytes by path; UnavailableError from any method when the store is not there."""

    async def put(self, path: str, content: bytes) -> None:
        """Store *content*, complete and durable, over whatever is there."""

    async def size_bytes(self, path: str) -> int:
        """Return the size; raises BlobMissingError."""

    async def read(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes from *start* up to *end*; raises BlobMissingError."""

    async def remove(self, path: str) -> None:
        """Have nothing at *path*, whatever was there."""


class RemoteObjects:
    """Objects in a store that is durable when it answers, such as S3."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, path: str, content: bytes) -> None:
        with _answering(path):
            await obstore.put_async(self._store, path, content)

    async def size_bytes(self, path: str) -> int:
        with _answering(path):
            found = await obstore.head_async(self._store, path)
        return int(found["size"])

    async def read(self, path: str, start: int, end: int) -> bytes:
        with _answering(path):
            found = await obstore.get_range_async(
                self._store, path, start=start, end=end
            )
        return bytes(found)

    async def remove(self, path: str) -> None:
        with suppress(BlobMissingError), _answering(path):
            await obstore.delete_async(self._store, path)


class LocalObjects(RemoteObjects):
    """Objects in a directory: written aside, forced to disk, renamed, forced again."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = root.resolve()
        _force(self._root.parent)
        self._remove_abandoned()
        super().__init__(LocalStore(self._root))

    async def put(self, path: str, content: bytes) -> None:
        aside = f"{STAGING}/{new_id()}"
        try:
            await super().put(aside, content)
            with _answering(path):
                await asyncio.to_thread(self._publish, aside, path)
        finally:
            with suppress(FileNotFoundError):
                (self._root / aside).unlink()

    def _remove_abandoned(self) -> None:
        oldest = time.time() - _ABANDONED_SECONDS
        for aside in (self._root / STAGING).glob("*"):
            with suppress(FileNotFoundError):  # another process starts, too
                if aside.stat().st_mtime < oldest:
                    aside.unlink()

    def _publish(self, aside: str, path: str) -> None:
        target = self._root / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _force(self._root / aside)
        (self._root / aside).replace(target)
        for directory in target.parents:
            _force(directory)
            if directory == self._root:
                return


def open_objects(url: str) -> Objects:
    """Return the store at *url*: ``file:///path`` or ``s3://bucket/prefix``.

    Credentials, region and endpoint of S3 are what obstore reads from the ``AWS_``
    variables of the environment.

    Raises:
        EvidenceUrlError: the URL is of neither form.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return LocalObjects(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        prefix = parts.path.strip("/") or None
        return RemoteObjects(S3Store(parts.netloc, prefix=prefix))
    raise EvidenceUrlError


def _force(path: Path) -> None:
    """Return once *path*, a file or a directory, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _answering(path: str) -> Iterator[None]:
    """Turn a store's errors into those callers know."""
    try:
        yield
    except FileNotFoundError:
        raise BlobMissingError(path=path) from None
    except (BaseError, OSError) as error:
        message = "The evidence store does not answer."
        raise UnavailableError(message, reason=type(error).__name__) from error
