"""The directory that holds everything the embedded mode keeps (``.attest`` by default).

Invariant: whoever has acquired it is alone in it, and its format is the one this
version writes. Nothing is ever created in a directory that is not ours.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.embedded.durable import TEMPORARY_SUFFIX, write_durably
from shared.embedded.lock import LOCK_NAME, DirectoryLock, Holder, holder_of
from shared.errors import ConflictError

FORMAT_NAME = "format"
FORMAT = "attest-state/1"
"""Raised whenever an older version could not read the directory any more."""
_LEFT_BY_A_FIRST_START = {LOCK_NAME, FORMAT_NAME + TEMPORARY_SUFFIX}
"""All that a start leaves behind which was killed before it wrote the format."""
_ROOT = 0


class NotAStateDirectoryError(ConflictError):
    """This path cannot hold the state of attest."""


class StateFormatError(ConflictError):
    """The state directory was made by another version."""


class StateDirectory:
    """A directory of ours, from `acquire` to `release` (or as a context manager)."""

    def __init__(self, path: Path) -> None:
        """Name the directory; nothing is read or written before `acquire`."""
        self.path = path.absolute()
        self._lock = DirectoryLock(self.path)

    def acquire(self) -> None:
        """Create the directory if need be, check its format, and keep others out.

        Raises:
            NotAStateDirectoryError: a file, or a directory with things of others in it.
            StateFormatError: another version made it.
            DirectoryInUseError: another process uses it.
        """
        _refuse_what_is_not_ours(self.path)
        _create(self.path)
        _check_owner(self.path)
        self._lock.acquire()
        try:
            _check_format(self.path)
        except ConflictError:
            self._lock.release()
            raise

    def announce(self, address: str) -> None:
        """Tell later comers (and `holder_of`) the *address* under which we answer."""
        self._lock.announce(address)

    def release(self) -> None:
        """Let others in."""
        self._lock.release()

    def part(self, name: str) -> Path:
        """Return the sub-directory *name*, created for us alone if need be."""
        directory = self.path / name
        directory.mkdir(mode=0o700, exist_ok=True)
        return directory

    @staticmethod
    def holder_of(path: Path) -> Holder | None:
        """Return who runs on the state directory *path*, or None when nobody does."""
        return holder_of(path)

    def __enter__(self) -> Self:
        """Acquire it."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Release it."""
        self.release()


def _create(path: Path) -> None:
    try:
        # Root runs PostgreSQL under another account, which must be able to pass.
        path.mkdir(
            mode=0o711 if os.geteuid() == _ROOT else 0o700, parents=True, exist_ok=True
        )
    except OSError as error:
        message = (
            f"{path} cannot be created ({error.strerror}): choose another directory"
        )
        raise NotAStateDirectoryError(message) from error


def _refuse_what_is_not_ours(path: Path) -> None:
    if path.is_dir():
        names = _names_in(path)
        if FORMAT_NAME in names or not names - _LEFT_BY_A_FIRST_START:
            return
        found = ", ".join(sorted(names)[:3])
        message = (
            f"{path} is not a state directory of attest (it has no file "
            f"'{FORMAT_NAME}') and is not empty ({found}): choose an empty or new one"
        )
        raise NotAStateDirectoryError(message)
    if path.exists() or path.is_symlink():
        raise NotAStateDirectoryError(f"{path} is not a directory: choose another path")


def _names_in(path: Path) -> set[str]:
    try:
        return {entry.name for entry in path.iterdir()}
    except PermissionError as error:
        message = (
            f"{path} may not be read by us: run attest as its owner, or choose another"
        )
        raise NotAStateDirectoryError(message) from error


def _check_owner(path: Path) -> None:
    owner_id, user_id = path.stat().st_uid, os.geteuid()
    if user_id not in {_ROOT, owner_id}:
        message = (
            f"{path} belongs to user id {owner_id}, we run as user id {user_id}: "
            "run attest as that user, or choose another directory"
        )
        raise NotAStateDirectoryError(message)


def _check_format(path: Path) -> None:
    file = path / FORMAT_NAME
    if not file.exists():
        write_durably(file, f"{FORMAT}\n".encode(), mode=0o644)
        return
    found = file.read_bytes()[:100].decode(errors="replace").strip()
    if found != FORMAT:
        message = (
            f"{path} has format '{found}', this version of attest reads '{FORMAT}'. "
            f"Run the version that made it, or set it aside (mv {path} {path}.old) and "
            "start afresh."
        )
        raise StateFormatError(message)
