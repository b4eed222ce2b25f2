"""Whoever handles a case reads its programme in the versions the case pinned.

Source: domain.md section 2: a later version never re-interprets an earlier case.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT

READ_THE_CURRENT_VERSION = {
    "services/moderation/handlers/plans.py": "a plan is published and pins its rules",
    "services/notification/letters/compose.py": "a letter pins the programme alone",
    "services/notification/letters/render.py": "a letter pins the programme alone",
    "services/submission/documents/samples/generator/__init__.py": "no case yet",
    "services/submission/handlers/cohorts.py": "a cohort is opened and pins versions",
    "services/viva/handlers/rounds.py": "a round is opened; a booking asks its case",
}
"""Where a programme may be loaded without versions, and why."""


BOTH_VERSIONS = 3
"""Arguments of a call that names code, programme version and policy version."""


def unpinned(source: str) -> Iterator[int]:
    """Yield the line of each call of ``load_programme`` without both versions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node.func) == "load_programme":
            given = len(node.args) + len(node.keywords)
            yield from [node.lineno] if given < BOTH_VERSIONS else []


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
        assert list(unpinned("p.load_programme('ATS', x)")) == [1]
        assert list(unpinned("load_programme('ATS', '2025.1', '2025.1')")) == []
