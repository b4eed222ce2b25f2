"""A folder for uploads on their way in, which no ended process leaves behind.

Uploads lie there in clear while they are read. The folder belongs to one process by a
lock on a file beside it; the kernel lets go of it however that process ends, and the
next one that starts here removes what it finds unlocked.

Invariant: a folder is removed by its process or by one that holds its lock.
"""

import fcntl
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.ids import new_id

_PREFIX = "uploads-"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folder of this process."""

    folder: Path
    lock: int
    """Descriptor of the locked file."""

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Return a new folder below *directory*; what ended processes left is gone."""
        directory.mkdir(parents=True, exist_ok=True)
        remove_abandoned(directory)
        while True:
            folder = directory / f"{_PREFIX}{new_id()}"
            lock = _locked(folder)
            if lock is not None:
                folder.mkdir(mode=0o700)
                return cls(folder, lock)

    def close(self) -> None:
        """Remove the folder; the lock goes last."""
        _remove(self.folder)
        os.close(self.lock)


def remove_abandoned(directory: Path) -> int:
    """Remove the folders of processes that have ended; return how many."""
    removed = 0
    for path in sorted(directory.glob(f"{_PREFIX}*{_LOCK}")):
        folder = path.with_suffix("")
        lock = _locked(folder)
        if lock is not None:
            removed += folder.exists()
            _remove(folder)
            os.close(lock)
    return removed


def _remove(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.with_name(folder.name + _LOCK).unlink(missing_ok=True)


def _locked(folder: Path) -> int | None:
    """Return the locked descriptor of a folder's lock; None when another has it."""
    path = folder.with_name(folder.name + _LOCK)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    if not _is_at(path, lock):  # somebody removed it between opening and locking
        os.close(lock)
        return None
    return lock


def _is_at(path: Path, lock: int) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_ino == os.fstat(lock).st_ino
    return False
