"""One process at a time per directory.

The lock is `flock` on a file that also says who holds it. The kernel lets go of it
when the holder ends, however it ends, so there is no such thing as a stale lock.

Invariant: the file itself is never deleted (two processes could otherwise hold locks
on two files of the same name).
"""

import fcntl
import os
import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import ConflictError

LOCK_NAME = "lock"
_WRITING_SECONDS = 0.5
"""How long we wait for a winner to write who it is."""
_ASKING_SECONDS = 0.2
"""How long we try: `holder_of` in another process touches the lock for an instant."""


class DirectoryInUseError(ConflictError):
    """Another process works in this directory."""


class Holder(BaseModel):
    """Who holds a directory: what the lock file says."""

    model_config = ConfigDict(frozen=True)

    pid: int
    address: str | None = None
    """Where it answers, once it announced that."""


class DirectoryLock:
    """The exclusive right to work in *directory*."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; nothing is locked before `acquire`."""
        self.directory = directory
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock and write our process id; within 0.2 s or not at all.

        Raises:
            DirectoryInUseError: it is held; names the process, its address, the remedy.
        """
        path = self.directory / LOCK_NAME
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _locked(descriptor):
            os.close(descriptor)
            raise _in_use(self.directory)
        self._descriptor = descriptor
        self.announce(None)

    def announce(self, address: str | None) -> None:
        """Write under which *address* we answer, for those who find the lock taken."""
        if self._descriptor is None:
            raise DirectoryInUseError(f"{self.directory} is not locked by us")
        content = Holder(pid=os.getpid(), address=address).model_dump_json().encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content, 0)

    def release(self) -> None:
        """Give the lock back; without one this does nothing."""
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
        self._descriptor = None


def holder_of(directory: Path) -> Holder | None:
    """Return who works in *directory* now, or None when nobody does.

    Raises:
        DirectoryInUseError: somebody does, and does not say who.
    """
    try:
        descriptor = os.open(directory / LOCK_NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(directory)
    finally:
        os.close(descriptor)
    return None


def _locked(descriptor: int) -> bool:
    deadline = time.monotonic() + _ASKING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_ASKING_SECONDS / 20)
        else:
            return True


def _read_holder(directory: Path) -> Holder:
    deadline = time.monotonic() + _WRITING_SECONDS
    while True:
        try:
            return Holder.model_validate_json((directory / LOCK_NAME).read_bytes())
        except ValidationError as error:
            if time.monotonic() > deadline:
                message = (
                    f"{directory} is in use by a process that is starting or ending"
                )
                raise DirectoryInUseError(message) from error
            time.sleep(_WRITING_SECONDS / 50)


def _in_use(directory: Path) -> DirectoryInUseError:
    try:
        holder = _read_holder(directory)
    except DirectoryInUseError as error:
        return error
    where = f" at {holder.address}" if holder.address else ""
    return DirectoryInUseError(
        f"{directory} is in use by process {holder.pid}{where}. Use that one, or "
        f"stop it (Ctrl-C in its terminal, or: kill {holder.pid}), or choose another "
        "directory.",
        pid=holder.pid,
        address=holder.address,
    )
