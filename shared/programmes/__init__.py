"""The programme files, read and validated; a new programme is a new file.

Nothing here knows which programmes exist: every ``*.yaml`` in this folder, and in the
one that PROGRAMMES_DIRECTORY names, is one version of one. The latest version of a code
is current; earlier ones stay as files beside it (``ats.yaml``, ``ats-2025.1.yaml``),
because a case is judged under what it pinned.
"""

from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings

from shared.contracts.programme import Programme
from shared.programmes.digests import Digests, ProgrammeEditedError, refuse_edited
from shared.programmes.files import ProgrammeFileError, parse_programme
from shared.programmes.phrase_bank import PHRASES, PhraseBank, phrase_bank
from shared.programmes.versions import (
    Pinned,
    Programmes,
    UnknownProgrammeError,
    UnknownProgrammeVersionError,
    read_programmes,
)

__all__ = [
    "FOLDER",
    "Digests",
    "PhraseBank",
    "Pinned",
    "ProgrammeEditedError",
    "ProgrammeFileError",
    "ProgrammeSettings",
    "Programmes",
    "UnknownProgrammeError",
    "UnknownProgrammeVersionError",
    "every_phrase",
    "every_programme",
    "every_version",
    "load_programme",
    "parse_programme",
    "programme_of",
    "programmes",
    "read_programmes",
    "refuse_edited",
]

FOLDER = Path(__file__).parent


class ProgrammeSettings(BaseSettings):
    """Where further programme files are.

    Read here, not handed down: the processes that read uploads and print letters are
    started anew and have to know the same programmes as the service.
    """

    programmes_directory: Path | None = None
    """A folder of the operator's own ``*.yaml`` files; None: there are no others."""


@cache
def every_programme() -> Programmes:
    """Return every version of every programme; the files are read once.

    Raises:
        ProgrammeFileError: a file cannot be used; names the file and the fields.
    """
    further = ProgrammeSettings().programmes_directory
    return (
        read_programmes(FOLDER) if further is None else read_programmes(FOLDER, further)
    )


def every_phrase() -> PhraseBank:
    """Return the phrases of every programme; the files are read once.

    Raises:
        ProgrammeFileError: a file cannot be used; names the file and the fields.
    """
    further = ProgrammeSettings().programmes_directory
    folders = [FOLDER] if further is None else [FOLDER, further]
    return phrase_bank(*(each / PHRASES for each in folders))


def programmes() -> tuple[Programme, ...]:
    """Return the current version of every programme, ordered by code.

    Raises:
        ProgrammeFileError: a file cannot be used; names the file and the fields.
    """
    return every_programme().current()


def every_version() -> tuple[Programme, ...]:
    """Return every version of every programme: for limits that must admit them all.

    Raises:
        ProgrammeFileError: a file cannot be used; names the file and the fields.
    """
    return every_programme().every()


def load_programme(
    code: str, programme_version: str | None = None, policy_version: str | None = None
) -> Programme:
    """Return the programme with *code*, for example ``ATS``, in the versions given.

    Without versions it is the current one: for opening a cohort, and for nothing that
    concerns a case. For what pins versions use `programme_of`.

    Raises:
        UnknownProgrammeError: no file has this code; names those that exist.
        UnknownProgrammeVersionError: no file is this version; names those that are.
        ProgrammeFileError: a file cannot be used.
    """
    return every_programme().load(code, programme_version, policy_version)


def programme_of(pinned: Pinned) -> Programme:
    """Return the programme exactly as *pinned* has it: code and both versions.

    Raises:
        UnknownProgrammeError, UnknownProgrammeVersionError: the file is gone.
        ProgrammeFileError: a file cannot be used.
    """
    return load_programme(
        pinned.programme, pinned.programme_version, pinned.policy_version
    )
