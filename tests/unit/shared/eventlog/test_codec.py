"""Facts to bytes and back, across versions of their shape."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from shared.decider import Fact
from shared.eventlog import (
    Codec,
    MalformedFactError,
    Metadata,
    NewEvent,
    StoredEvent,
    StoredFact,
    UnknownFactError,
)
from shared.ids import derived_id

NOW = datetime(2026, 9, 1, 9, 30, 0, 123456, tzinfo=UTC)
EVENT_ID = derived_id("event")
WHO = Metadata(
    actor="ana",
    role="participant",
    correlation_id=derived_id("correlation"),
    causation_id=derived_id("causation"),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


class Opened(Fact):
    type: Literal["test.Opened"] = "test.Opened"
    title: str
    words: int


class Renamed(Fact):
    """The third shape: ``name``, then ``title``, then with a language."""

    type: Literal["test.Renamed"] = "test.Renamed"
    schema_version = 3
    title: str
    language: str


class Foreign(Fact):
    type: Literal["test.Foreign"] = "test.Foreign"


TestFact = Annotated[Opened | Renamed, Field(discriminator="type")]


def to_title(payload: dict[str, Any]) -> dict[str, Any]:
    return {"title" if key == "name" else key: value for key, value in payload.items()}


def with_language(payload: dict[str, Any]) -> dict[str, Any]:
    return {**payload, "language": "en"}


UPCASTERS = {("test.Renamed", 1): to_title, ("test.Renamed", 2): with_language}
CODEC = Codec(TestFact, upcasters=UPCASTERS)

GOLDEN = {
    1: b'{"occurred_at":"2026-09-01T09:30:00.123456Z","type":"test.Renamed",'
    b'"name":"On cr\xc3\xa8ches"}',
    2: b'{"occurred_at":"2026-09-01T09:30:00.123456Z","type":"test.Renamed",'
    b'"title":"On cr\xc3\xa8ches"}',
    3: b'{"occurred_at":"2026-09-01T09:30:00.123456Z","type":"test.Renamed",'
    b'"title":"On cr\xc3\xa8ches","language":"en"}',
}


def stored(new: NewEvent, **changes: Any) -> StoredEvent:
    event = StoredEvent(
        position=7,
        event_id=new.event_id,
        stream="test-1",
        category="test",
        version=1,
        type=new.type,
        schema_version=new.schema_version,
        payload=new.payload,
        metadata=new.metadata,
        occurred_at=new.occurred_at,
        recorded_at=NOW,
        leaf=bytes(32),
        chain=bytes(32),
    )
    return replace(event, **changes)


def encoded(fact: Fact) -> NewEvent:
    return CODEC.encode(fact, event_id=EVENT_ID, metadata=WHO)


OPENED = Opened(occurred_at=NOW, title="On crèches", words=812)


class TestEncode:
    def test_stores_exactly_the_model_as_json(self) -> None:
        new = encoded(OPENED)
        assert new.payload == OPENED.model_dump_json().encode()
        assert (new.type, new.schema_version) == ("test.Opened", 1)
        assert (new.occurred_at, new.event_id) == (NOW, EVENT_ID)

    def test_stores_the_current_version(self) -> None:
        renamed = Renamed(occurred_at=NOW, title="On crèches", language="en")
        new = encoded(renamed)
        assert (new.payload, new.schema_version) == (GOLDEN[3], 3)

    def test_refuses_a_fact_of_another_service(self) -> None:
        with pytest.raises(UnknownFactError):
            encoded(Foreign(occurred_at=NOW))


class TestDecode:
    def test_returns_what_was_encoded(self) -> None:
        event = stored(encoded(OPENED))
        assert CODEC.decode(event) == OPENED
        assert CODEC.decode_metadata(event) == WHO

    def test_takes_the_part_of_a_row_that_folding_reads(self) -> None:
        new = encoded(OPENED)
        fact = StoredFact(7, "test-1", new.type, new.schema_version, new.payload)
        assert CODEC.decode(fact) == OPENED

    @pytest.mark.parametrize("version", GOLDEN)
    def test_reads_every_version_ever_stored(self, version: int) -> None:
        new = encoded(OPENED)
        event = stored(
            new, type="test.Renamed", schema_version=version, payload=GOLDEN[version]
        )
        renamed = Renamed(occurred_at=NOW, title="On crèches", language="en")
        assert CODEC.decode(event) == renamed

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": "test.Foreign"},
            {"type": ""},
            {"schema_version": 2},
            {"schema_version": 0},
        ],
    )
    def test_refuses_an_unknown_type_or_version(self, changes: dict[str, Any]) -> None:
        with pytest.raises(UnknownFactError) as refused:
            CODEC.decode(stored(encoded(OPENED), **changes))
        assert refused.value.context["position"] == 7

    @pytest.mark.parametrize(
        "payload",
        [
            b"",
            b"null",
            b"{}",
            b'{"occurred_at":"2026-09-01T09:30:00Z","title":"secret"}',
            b'{"occurred_at":"2026-09-01T09:30:00Z","title":"secret","words":"many"}',
            b'{"occurred_at":"2026-09-01T09:30:00","title":"secret","words":1}',
            b'{"occurred_at":"2026-09-01T09:30:00Z","title":"secret","words":1,"x":2}',
            (
                b'{"occurred_at":"2026-09-01T09:30:00Z","title":"secret","words":1,'
                b'"type":"test.Renamed"}'
            ),
            b'{"title":"\xff"}',
        ],
    )
    def test_names_the_place_and_never_the_payload(self, payload: bytes) -> None:
        with pytest.raises(MalformedFactError) as refused:
            CODEC.decode(stored(encoded(OPENED), payload=payload))
        assert refused.value.context["position"] == 7
        assert refused.value.context["type"] == "test.Opened"
        assert "secret" not in f"{refused.value} {refused.value.context}"
        assert refused.value.__cause__ is None

    def test_names_the_place_when_an_old_payload_is_no_json(self) -> None:
        event = stored(
            encoded(OPENED), type="test.Renamed", schema_version=1, payload=b"{"
        )
        with pytest.raises(MalformedFactError):
            CODEC.decode(event)

    def test_refuses_metadata_that_does_not_fit(self) -> None:
        with pytest.raises(MalformedFactError):
            CODEC.decode_metadata(stored(encoded(OPENED), metadata=b'{"actor":1}'))


class TestCodec:
    def test_refuses_a_gap_in_its_upcasters(self) -> None:
        with pytest.raises(ValueError, match=r"test\.Renamed.*version 2"):
            Codec(TestFact, upcasters={("test.Renamed", 1): to_title})

    def test_refuses_two_facts_of_one_name(self) -> None:
        class Again(Fact):
            type: Literal["test.Opened"] = "test.Opened"

        with pytest.raises(ValueError, match=r"test\.Opened"):
            Codec(Opened | Again)

    def test_knows_a_single_fact(self) -> None:
        assert Codec(Opened).types == {"test.Opened"}
        assert CODEC.types == {"test.Opened", "test.Renamed"}
