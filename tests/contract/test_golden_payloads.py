"""Facts written by any earlier version can still be read, through upcasters if need be.

``golden/{type}.v{version}.json`` is a payload exactly as a log may hold it. A file is
written once, when the version appears, and never edited: a changed shape gets the next
version, an upcaster, and a file of its own.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.operations.app import CODEC
from services.operations.facts import AnyFact
from shared.eventlog import StoredEvent
from shared.eventlog.codec import fact_types
from shared.ids import new_id

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.json"))
MODELS = fact_types(AnyFact)


def stored(path: Path) -> StoredEvent:
    type_, _, version = path.stem.rpartition(".v")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return StoredEvent(
        position=1,
        event_id=new_id(),
        stream="case-1",
        category="case",
        version=1,
        type=type_,
        schema_version=int(version),
        payload=path.read_bytes().strip(),
        metadata=b"{}",
        occurred_at=moment,
        recorded_at=moment,
        leaf=b"",
        chain=b"",
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_payload_can_still_be_read(path: Path) -> None:
    event = stored(path)
    fact = CODEC.decode(event)
    assert isinstance(fact, MODELS[event.type])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_payload_of_the_current_version_is_stored_as_it_was(path: Path) -> None:
    event = stored(path)
    if event.schema_version == MODELS[event.type].schema_version:
        assert CODEC.decode(event).model_dump_json().encode() == event.payload


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_fact_has_a_golden_payload(name: str) -> None:
    versions = range(1, MODELS[name].schema_version + 1)
    missing = [v for v in versions if not (GOLDEN / f"{name}.v{v}.json").exists()]
    assert missing == []
