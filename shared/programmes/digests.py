"""What a version of a programme says, as digests: to notice when it says another thing.

Invariant: a digest is of the words in the file, so neither layout and comments nor a
later version of this software change it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.errors import ServiceError


class ProgrammeEditedError(ServiceError):
    """A programme file was changed under its old version: change it back."""


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of the two parts of a programme file that have versions of their own."""

    file: str
    programme_sha256: str
    """Of everything but the policy."""
    policy_sha256: str

    def whole(self) -> str:
        """Return one digest for both parts."""
        return _digest([self.programme_sha256, self.policy_sha256])


class Recorded(Protocol):
    """Something that keeps what a programme said when it was first used."""

    @property
    def programme(self) -> str:
        """Code of the programme."""

    @property
    def programme_version(self) -> str:
        """Version of the programme file."""

    @property
    def programme_sha256(self) -> str:
        """Digest of what that version said."""

    @property
    def policy_version(self) -> str:
        """Version of the policy in it."""

    @property
    def policy_sha256(self) -> str:
        """Digest of what that version said."""


def digests_of(content: Mapping[str, object], *, file: str) -> Digests:
    """Return the digests of the *content* of a valid programme file."""
    rest = {key: value for key, value in content.items() if key != "policy"}
    return Digests(file, _digest(rest), _digest(content["policy"]))


def refuse_edited(recorded: Recorded, now: Digests) -> None:
    """Accept a file that still says what was recorded of its versions.

    Raises:
        ProgrammeEditedError: names the file, the version, and what to do.
    """
    for field, version, before, after in (
        (
            "programme_version",
            recorded.programme_version,
            recorded.programme_sha256,
            now.programme_sha256,
        ),
        (
            "policy.policy_version",
            recorded.policy_version,
            recorded.policy_sha256,
            now.policy_sha256,
        ),
    ):
        if before != after:
            message = (
                f"{now.file}: {field}: {version} of {recorded.programme!r} is in use"
                " and says something else now: put back what it said, and change a"
                " copy of the file that has a higher version."
            )
            raise ProgrammeEditedError(message, file=now.file, field=field)


def _digest(words: object) -> str:
    written = json.dumps(words, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
