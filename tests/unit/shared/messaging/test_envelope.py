"""CloudEvents in binary mode: what goes out comes in."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging import OWNERS, PARTITIONS
from shared.messaging.envelope import read_attributes
from shared.messaging.topics import partition_of
from tests.unit.shared.messaging.examples import (
    AT,
    FILLING,
    LOG_ID,
    TRACE,
    outgoing,
    record,
)


class TestEnvelope:
    def test_carries_every_attribute(self) -> None:
        attributes = read_attributes(outgoing().headers(filling=FILLING, previous=9))
        assert attributes.type == "submission.Said.v1"
        assert attributes.source == "submission"
        assert attributes.subject == "case-1"
        assert attributes.time == AT
        assert attributes.sequence == 3
        assert attributes.partitionkey == "c-1"
        assert (attributes.position, attributes.previous) == (12, 9)
        assert (attributes.log, attributes.era) == (LOG_ID, FILLING.era)
        assert attributes.traceparent == TRACE

    def test_is_cloudevents_in_binary_mode(self) -> None:
        headers = dict(outgoing().headers(filling=FILLING, previous=0))
        assert headers["ce_specversion"] == b"1.0"
        assert headers["content-type"] == b"application/json"
        names = [name.removeprefix("ce_") for name in headers if name != "content-type"]
        assert all(name.isalnum() and name.islower() for name in names)
        assert max(map(len, names)) <= 20

    @pytest.mark.parametrize(
        "changed",
        [
            {"id": b"no id"},
            {"id": None},
            {"type": b"\xff"},
            {"type": b"with blank"},
            {"type": b"\x00"},
            {"position": b"0"},
            {"position": b"many"},
            {"time": b"2026-09-01T09:30:00"},
            {"log": None},
        ],
    )
    def test_refuses_attributes_that_are_not_well_formed(
        self, changed: dict[str, bytes | None]
    ) -> None:
        with pytest.raises(ValueError, match=r".+"):
            read_attributes(record(**changed).headers)  # type: ignore[arg-type]

    def test_does_not_quote_what_it_refuses(self) -> None:
        with pytest.raises(ValueError, match="sequence") as refused:
            read_attributes(record(sequence=b"secret").headers)
        assert "secret" not in str(refused.value)


class TestPartitionOf:
    @given(st.text(max_size=60))
    def test_is_what_every_kafka_client_would_choose(self, key: str) -> None:
        partitions = list(range(PARTITIONS))
        chosen = DefaultPartitioner()(key.encode(), partitions, partitions)
        assert partition_of(key) == chosen


class TestOwners:
    def test_are_the_services_with_contracts(self) -> None:
        assert set(OWNERS) == {
            "submission",
            "review",
            "moderation",
            "notification",
            "viva",
            "appeals",
            "operations",
        }
