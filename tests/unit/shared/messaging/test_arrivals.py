"""What a record turns out to be; reading never fails and never drops."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.arrivals import Problem, Reader
from shared.messaging.contracts import Contracts
from shared.messaging.envelope import Record
from tests.unit.shared.messaging.examples import (
    CONSUMER,
    Said,
    Whispered,
    record,
)

READER = Reader(CONSUMER, Contracts([Said, Whispered]))


class TestReader:
    def test_reads_what_is_to_be_handled(self) -> None:
        arrival = READER(record())
        assert arrival.problem is None
        assert arrival.message is not None
        assert arrival.message.body == Said(case_id="c-1", number=1)
        assert arrival.message.source == "submission"
        assert arrival.lane == "c-1"

    def test_skips_a_known_type_of_others_without_reading_its_body(self) -> None:
        skipped = READER(
            replace(record(type=b"submission.Whispered.v1"), value=b"{broken")
        )
        assert (skipped.message, skipped.problem) == (None, None)

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            (record(type=b"submission.Sung.v1"), Problem.UNKNOWN_TYPE),
            (record(id=None), Problem.UNREADABLE_HEADERS),
            (replace(record(), value=b"{"), Problem.UNREADABLE_BODY),
            (replace(record(), value=None), Problem.UNREADABLE_BODY),
            (replace(record(), value=b'{"number":1}'), Problem.UNREADABLE_BODY),
            (replace(record(), topic="review.v1"), Problem.FOREIGN_SOURCE),
        ],
    )
    def test_parks(self, changed: Record, problem: Problem) -> None:
        arrival = READER(changed)
        assert arrival.problem is problem
        assert arrival.message is None

    def test_tolerates_a_field_that_is_new(self) -> None:
        newer = replace(record(), value=b'{"case_id":"c-1","number":1,"colour":"red"}')
        assert READER(newer).message is not None

    def test_knows_unreadable_bytes_again(self) -> None:
        junk = record(id=None)
        assert READER(junk).event_id == READER(junk).event_id
        assert READER(junk).event_id != READER(replace(junk, offset=1)).event_id

    @given(
        key=st.none() | st.binary(max_size=3000),
        value=st.none() | st.binary(max_size=50),
        headers=st.lists(st.tuples(st.text(max_size=9), st.binary(max_size=9))),
    )
    def test_never_fails_and_names_a_lane_that_can_be_stored(
        self,
        key: bytes | None,
        value: bytes | None,
        headers: list[tuple[str, bytes]],
    ) -> None:
        arrival = READER(
            Record(
                topic="submission.v1",
                partition=3,
                offset=7,
                key=key,
                value=value,
                headers=tuple(headers),
            )
        )
        assert arrival.problem is not None
        assert arrival.lane
        assert "\x00" not in arrival.lane
        assert len(arrival.lane.encode()) <= 512
