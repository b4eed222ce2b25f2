"""The programme files as they are, and ways to write others for one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from shared.contracts.programme import Contribution, Programme, Template
from shared.programmes import FOLDER, every_programme, load_programme

ATS_TEXT = (FOLDER / "ats.yaml").read_text()


def changed(*changes: tuple[str, str], text: str = ATS_TEXT) -> bytes:
    """Return a file with each old text, which must be there, replaced once."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def version(programme_version: str, policy_version: str, **fields: object) -> bytes:
    """Return the ATS file as another version, with other values of its fields.

    A double underscore goes one level down: ``policy__review__met_level``.
    """
    content = yaml.safe_load(ATS_TEXT)
    for path, value in {
        "programme_version": programme_version,
        "policy__policy_version": policy_version,
        **fields,
    }.items():
        *parents, last = path.split("__")
        place = content
        for step in parents:
            place = place[step]
        place[last] = value
    return yaml.safe_dump(content, sort_keys=False).encode()


def template(programme: str, code: str) -> Template:
    """Return a template that must be there."""
    found = load_programme(programme).template(code)
    assert found is not None
    return found


def asked(found: Template) -> list[tuple[str, str, int, bool]]:
    """Return of each contribution: its section, by whom, how many, do they read."""
    return [_asked(each) for each in found.contributions()]


def _asked(each: Contribution) -> tuple[str, str, int, bool]:
    return each.section, each.by, each.minimum, each.reads_portfolio


def write(folder: Path, **files: bytes) -> Path:
    """Write each file, named without its ending, and return the folder."""
    for name, content in files.items():
        (folder / f"{name}.yaml").write_bytes(content)
    return folder


@contextmanager
def further_programmes(folder: Path, **files: bytes) -> Iterator[Path]:
    """Let *folder*, with these files, be the operator's own for a while."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PROGRAMMES_DIRECTORY", str(write(folder, **files)))
        every_programme.cache_clear()
        try:
            yield folder
        finally:
            every_programme.cache_clear()


def numbers_without_source(programme: Programme) -> list[str]:
    """Return where the policy has a number that does not say where it comes from."""
    return list(_bare(programme.policy.model_dump(), "policy"))


def _bare(value: object, where: str) -> list[str]:
    if isinstance(value, dict):
        if set(value) == {"value", "source"}:
            return []
        return [
            found
            for key, each in value.items()
            for found in _bare(each, f"{where}.{key}")
        ]
    if isinstance(value, list | tuple):
        return [found for each in value for found in _bare(each, where)]
    return [where] if isinstance(value, int) else []
