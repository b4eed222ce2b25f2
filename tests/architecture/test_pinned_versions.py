"""Whoever handles a case reads its programme in the versions the case pinned.

Source: domain.md section 2: a later version never re-interprets an earlier case.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT

READ_THE_CURRENT_VERSION = {
    "services/cli/moderation/simulated.py": "no case: a plan published now is tried",
    "services/moderation/handlers/plans.py": "a plan is published and pins its rules",
    "services/cli/demo/elsewhere.py": "a cohort is opened, before there is a case",
    "services/submission/documents/samples/generator/__init__.py": "no case yet",
    "services/submission/handlers/portfolios.py": "whose upload it is says its form",
    "services/submission/handlers/cohorts.py": "a cohort is opened and pins versions",
    "services/viva/handlers/rounds.py": "a round is opened; a booking asks its case",
}
"""Where a programme may be loaded without versions, and why."""

READERS = {
    "every_programme",
    "every_version",
    "load_programme",
    "programme_of",
    "programmes",
}

CURRENT = {("programmes", 0), ("load_programme", 1)}
"""Calls, with how many arguments, that read the current version."""


def unpinned(source: str) -> Iterator[int]:
    """Yield the line of each call that reads a programme in its current version."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            given = len(node.args) + len(node.keywords)
            called = (_called(node.func), given)
            yield from [node.lineno] if called in CURRENT else []


def read_on_import(source: str) -> Iterator[int]:
    """Yield the line of each statement that reads programme files on import."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _called(node.func) in READERS:
                yield node.lineno


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _sources() -> Iterator[Path]:
    yield from (ROOT / "services").rglob("*.py")


class TestLoadingAProgramme:
    def test_names_the_versions_wherever_there_is_a_case(self) -> None:
        """Source: domain.md section 2."""
        found = {
            str(path.relative_to(ROOT))
            for path in _sources()
            if list(unpinned(path.read_text()))
        }
        assert found <= set(READ_THE_CURRENT_VERSION)

    def test_is_noticed_when_it_does_not(self) -> None:
        assert list(unpinned("load_programme(letter.programme)")) == [1]
        assert list(unpinned("shared.programmes.load_programme('ATS')")) == [1]
        assert list(unpinned("[each for each in programmes()]")) == [1]
        assert list(unpinned("load_programme('ATS', '2025.1', '2025.1')")) == []


class TestImportingAService:
    def test_reads_no_programme_file(self) -> None:
        """A malformed file has to stop a service that can say so, not an import."""
        found = {
            str(path.relative_to(ROOT))
            for path in _sources()
            if list(read_on_import(path.read_text()))
        }
        assert found == set()

    def test_is_noticed_when_it_does(self) -> None:
        assert list(read_on_import("LARGEST = max(x for x in programmes())")) == [1]
        assert list(read_on_import("def largest():\n    programmes()")) == []
