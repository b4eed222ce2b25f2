"""The programme files, read and validated; a new programme is a new file beside this.

Nothing here knows which programmes exist: every ``*.yaml`` in the folder is one.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from shared.contracts.programme import Programme
from shared.errors import NotFoundError, ServiceError
from shared.programmes.strict_yaml import NotPlainYamlError, read_yaml

FOLDER = Path(__file__).parent


class ProgrammeFileError(ServiceError):
    """A programme file is malformed: correct the field and start again."""


class UnknownProgrammeError(NotFoundError):
    """There is no programme with this code."""


@cache
def programmes() -> tuple[Programme, ...]:
    """Return every programme, ordered by code.

    Raises:
        ProgrammeFileError: a file cannot be used; names the file and the fields.
    """
    return read_programmes(FOLDER)


def load_programme(code: str) -> Programme:
    """Return the programme with *code*, for example ``ATS``.

    Raises:
        UnknownProgrammeError: no file has this code; names those that exist.
        ProgrammeFileError: a file cannot be used.
    """
    found = {each.code: each for each in programmes()}
    if code not in found:
        message = f"There is no programme {code!r}: use one of {', '.join(found)}."
        raise UnknownProgrammeError(message, programmes=sorted(found))
    return found[code]


def read_programmes(folder: Path) -> tuple[Programme, ...]:
    """Return the programmes described by the ``*.yaml`` files in *folder*.

    Raises:
        ProgrammeFileError: a file is malformed, or two files share a code.
    """
    by_code: dict[str, Programme] = {}
    for path in sorted(folder.glob("*.yaml")):
        programme = parse_programme(path.read_bytes(), file=path.name)
        if programme.code in by_code:
            message = f"{path.name}: code: {programme.code!r} is taken by another file."
            raise ProgrammeFileError(message, file=path.name)
        by_code[programme.code] = programme
    return tuple(by_code[code] for code in sorted(by_code))


def parse_programme(text: bytes, *, file: str) -> Programme:
    """Return the programme written in *text*; *file* is named in errors.

    Raises:
        ProgrammeFileError: not YAML, or a field is missing, unknown or wrong.
    """
    try:
        content = read_yaml(text)
    except NotPlainYamlError as error:
        message = f"{file}: cannot be read ({error}): correct it there."
        raise ProgrammeFileError(message, file=file) from error
    if not isinstance(content, Mapping):
        message = f"{file}: must be a mapping with the fields of a programme."
        raise ProgrammeFileError(message, file=file)
    try:
        return Programme.model_validate(content)
    except ValidationError as error:
        raise ProgrammeFileError(_describe(file, error), file=file) from error


def _describe(file: str, error: ValidationError) -> str:
    problems = [
        f"{'.'.join(str(step) for step in problem['loc']) or 'programme'}:"
        f" {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return f"{file}: correct {'; '.join(problems)}"
