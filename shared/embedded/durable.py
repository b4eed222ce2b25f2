"""Files that are whole or absent: a crash never leaves half of one.

Invariant: when `write_durably` returns, the bytes survive a power cut.
"""

import os
from pathlib import Path

TEMPORARY_SUFFIX = ".partial"
"""Ends the name of a file that was not finished; safe to delete at any start."""


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace *path* by *content*: temporary file, fsync, rename, fsync of the folder.

    Raises:
        OSError: the disk refused; *path* is then as it was before.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in *directory* durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
