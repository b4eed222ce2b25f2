"""The stored form of every fact and message is committed; a breaking change fails.

To accept a compatible change: ``python -m tests.contract.schemas``. A breaking change
needs a new type, or a higher ``schema_version`` with an upcaster and a golden payload.
"""

import json

import pytest

from shared.eventlog.compatibility import breaking_changes
from tests.contract.schemas import DIRECTORY, current_schemas

CURRENT = current_schemas()


@pytest.mark.parametrize("name", sorted(CURRENT))
class TestSchema:
    def test_is_committed_as_it_is(self, name: str) -> None:
        committed = (DIRECTORY / f"{name}.json").read_text()
        assert json.loads(committed) == CURRENT[name]

    def test_breaks_nothing_that_is_committed(self, name: str) -> None:
        committed = json.loads((DIRECTORY / f"{name}.json").read_text())
        assert breaking_changes(committed, CURRENT[name]) == ()


def test_no_committed_type_was_dropped() -> None:
    committed = {path.stem for path in DIRECTORY.glob("*.json")}
    assert committed <= set(CURRENT)
