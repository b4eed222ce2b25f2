"""Which system account runs PostgreSQL, which refuses to run as root.

Not root: ourselves, and nothing here matters. Root: an account without rights that
every system has; no account is created and no permission of a directory that is not
ours is changed. When the account could not pass some directory on the way (a checkout
below ``/root``), the process keeps one single capability, the right to pass it.

Invariant: a data directory is always served by the account that owns it.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from shared.errors import UnavailableError

_PREFERRED = ("postgres", "nobody")
_ROOT = 0


class NoAccountError(UnavailableError):
    """Root cannot run PostgreSQL, and has no account 'postgres' or 'nobody' to use."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account, and whether it needs help to reach its files."""

    name: str
    user_id: int
    group_id: int
    reach_everywhere: bool


def account_for(data: Path, *programs: Path) -> Account | None:
    """Return the account that shall run a server on *data*, or None for ourselves.

    *programs* are the directories with the executables it needs.

    Raises:
        NoAccountError: we are root and no account fits.
    """
    if os.geteuid() != _ROOT:
        return None
    entry = _owner(data) or _first_preferred()
    paths = (data, *programs)
    return Account(
        name=entry.pw_name,
        user_id=entry.pw_uid,
        group_id=entry.pw_gid,
        reach_everywhere=not all(everyone_may_pass(path) for path in paths),
    )


def give(path: Path, account: Account | None) -> None:
    """Make *account* the owner of *path* (nothing to do when it is ourselves)."""
    if account is not None:
        os.chown(path, account.user_id, account.group_id)


def everyone_may_pass(path: Path) -> bool:
    """Tell whether any account may enter all directories that lead to *path*."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _owner(data: Path) -> pwd.struct_passwd | None:
    if not data.exists():
        return None
    owner_id = data.stat().st_uid
    if owner_id == _ROOT:
        return None
    try:
        return pwd.getpwuid(owner_id)
    except KeyError as error:
        message = (
            f"{data} belongs to user id {owner_id}, which has no account: chown it"
        )
        raise NoAccountError(message) from error


def _first_preferred() -> pwd.struct_passwd:
    for name in _PREFERRED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoAccountError
