"""Every version of every programme, each exactly as its file says.

Invariant: a pair of versions names one file or none, and each of the two says the same
in every file. What a case pinned is found again as long as the file is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.contracts.programme import Programme, version_order
from shared.errors import NotFoundError
from shared.programmes.digests import Digests
from shared.programmes.files import ProgrammeFileError, read_folder


class UnknownProgrammeError(NotFoundError):
    """There is no programme with this code."""


class UnknownProgrammeVersionError(NotFoundError):
    """There is no such version of the programme: put its file back."""


class Pinned(Protocol):
    """Something that keeps the versions it was made under: a case, a snapshot."""

    @property
    def programme(self) -> str:
        """Code of the programme."""

    @property
    def programme_version(self) -> str:
        """Version of the programme file."""

    @property
    def policy_version(self) -> str:
        """Version of the policy in it."""


@dataclass(frozen=True, slots=True)
class Programmes:
    """What a set of programme files holds."""

    by_code: Mapping[str, tuple[Programme, ...]]
    """All versions of each, the oldest first."""
    digests: Mapping[tuple[str, str, str], Digests]
    """By code and both versions."""

    def digests_of(self, pinned: Pinned) -> Digests | None:
        """Return what the file of these versions says; None where there is no file."""
        versions = (pinned.programme_version, pinned.policy_version)
        return self.digests.get((pinned.programme, *versions))

    def said(self) -> dict[str, str]:
        """Return what every version says, as one digest each, by its name."""
        return {
            f"{code} {_said(*versions)}": each.whole()
            for (code, *versions), each in sorted(self.digests.items())
        }

    def current(self) -> tuple[Programme, ...]:
        """The latest version of each programme, ordered by code."""
        return tuple(self.by_code[code][-1] for code in sorted(self.by_code))

    def every(self) -> tuple[Programme, ...]:
        """Every version of every programme, by code, the oldest first."""
        return tuple(
            each for code in sorted(self.by_code) for each in self.by_code[code]
        )

    def load(
        self,
        code: str,
        programme_version: str | None = None,
        policy_version: str | None = None,
    ) -> Programme:
        """Return the latest version that agrees with everything given.

        Raises:
            UnknownProgrammeError: names the programmes that exist.
            UnknownProgrammeVersionError: names the versions that exist.
        """
        if code not in self.by_code:
            known = sorted(self.by_code)
            message = f"There is no programme {code!r}: use one of {', '.join(known)}."
            raise UnknownProgrammeError(message, programmes=known)
        for each in reversed(self.by_code[code]):
            if programme_version in {None, each.programme_version} and (
                policy_version in {None, each.policy_version}
            ):
                return each
        wanted = _said(programme_version or "any", policy_version or "any")
        known = [_said(*_pair(each)) for each in self.by_code[code]]
        message = f"{code} has no {wanted}: there is {'; '.join(known)}."
        raise UnknownProgrammeVersionError(message, programme=code, versions=known)


def read_programmes(*folders: Path) -> Programmes:
    """Return all programmes described by the ``*.yaml`` files in *folders*.

    Raises:
        ProgrammeFileError: a file is malformed, two files are the same version, or a
            version says one thing in one file and another in the other.
    """
    versions: dict[tuple[str, str, str], Programme] = {}
    digests: dict[tuple[str, str, str], Digests] = {}
    parts: dict[tuple[str, str, str], object] = {}
    for folder in folders:
        for programme, said in read_folder(folder):
            file = said.file
            key = (programme.code, *_pair(programme))
            if key in versions:
                message = (
                    f"{file}: code: {programme.code!r} in {_said(*_pair(programme))}"
                    " is taken by another file."
                )
                raise ProgrammeFileError(message, file=file)
            _refuse_other_words(file, programme, parts)
            versions[key], digests[key] = programme, said
    by_code: dict[str, tuple[Programme, ...]] = {}
    for programme in sorted(versions.values(), key=_age):
        by_code[programme.code] = (*by_code.get(programme.code, ()), programme)
    return Programmes(by_code, digests)


def _refuse_other_words(
    file: str, programme: Programme, parts: dict[tuple[str, str, str], object]
) -> None:
    """Note what each version in *programme* says; refuse what was said otherwise."""
    programme_version, policy_version = _pair(programme)
    said: tuple[tuple[str, str, object], ...] = (
        ("programme_version", programme_version, _without_policy(programme)),
        ("policy.policy_version", policy_version, programme.policy),
    )
    for field, number, words in said:
        if parts.setdefault((programme.code, field, number), words) != words:
            message = (
                f"{file}: {field}: {number} says something else in another file of"
                f" {programme.code!r}: give what was changed a higher version."
            )
            raise ProgrammeFileError(message, file=file)


def _without_policy(programme: Programme) -> dict[str, object]:
    return programme.model_dump(exclude={"policy"})


def _pair(programme: Programme) -> tuple[str, str]:
    return programme.programme_version, programme.policy_version


def _age(programme: Programme) -> tuple[tuple[int, int], tuple[int, int]]:
    programme_version, policy_version = _pair(programme)
    return version_order(programme_version), version_order(policy_version)


def _said(programme_version: str, policy_version: str) -> str:
    return f"version {programme_version} with policy {policy_version}"
