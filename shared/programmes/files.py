"""One programme file: YAML read strictly, then checked against the model."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from shared.contracts.programme import Programme
from shared.errors import ServiceError
from shared.programmes.digests import Digests, digests_of
from shared.programmes.strict_yaml import NotPlainYamlError, read_yaml


class ProgrammeFileError(ServiceError):
    """A programme file is malformed: correct the field and start again."""


def read_folder(folder: Path) -> tuple[tuple[Programme, Digests], ...]:
    """Return each ``*.yaml`` in *folder* and what it says, in the order of the names.

    Raises:
        ProgrammeFileError: there is no such folder, or a file cannot be used.
    """
    if not folder.is_dir():
        message = f"{folder}: there is no such folder of programme files."
        raise ProgrammeFileError(message, folder=str(folder))
    try:
        return tuple(
            _read(path.read_bytes(), file=path.name)
            for path in sorted(folder.glob("*.yaml"))
        )
    except OSError as error:
        message = f"{error.filename}: cannot be read ({error.strerror})."
        raise ProgrammeFileError(message, folder=str(folder)) from error


def parse_programme(text: bytes, *, file: str) -> Programme:
    """Return the programme written in *text*; *file* is named in errors.

    Raises:
        ProgrammeFileError: not YAML, or a field is missing, unknown or wrong.
    """
    programme, _ = _read(text, file=file)
    return programme


def _read(text: bytes, *, file: str) -> tuple[Programme, Digests]:
    try:
        content = read_yaml(text)
    except NotPlainYamlError as error:
        message = f"{file}: cannot be read ({error}): correct it there."
        raise ProgrammeFileError(message, file=file) from error
    if not isinstance(content, Mapping):
        message = f"{file}: must be a mapping with the fields of a programme."
        raise ProgrammeFileError(message, file=file)
    try:
        programme = Programme.model_validate(content)
    except ValidationError as error:
        raise ProgrammeFileError(describe(file, error), file=file) from error
    return programme, digests_of(content, file=file)


def describe(file: str, error: ValidationError) -> str:
    """Return which fields of *file* to correct, and why."""
    problems = [
        f"{'.'.join(str(step) for step in problem['loc']) or 'programme'}:"
        f" {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return f"{file}: correct {'; '.join(problems)}"
