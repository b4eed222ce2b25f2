"""Cursors that come back altered are refused, and never reach the database."""

from datetime import UTC, datetime

import pytest

from shared.web.cursors import LARGEST_POSITION, moment_and_id, position_of
from shared.web.requests import MalformedCursorError, _key_of, cursor

START = (datetime(1, 1, 1, tzinfo=UTC), "")
NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)


class TestMomentAndId:
    def test_is_the_start_of_the_list_without_a_cursor(self) -> None:
        assert moment_and_id((), start=START) == START

    def test_reads_what_the_list_gave_out(self) -> None:
        assert moment_and_id((NOON.isoformat(), "c1"), start=START) == (NOON, "c1")

    @pytest.mark.parametrize(
        "key",
        [
            ("c1",),
            (NOON.isoformat(), "c1", "c2"),
            ("noon", "c1"),
            ("2026-04-02T12:00:00", "c1"),
            ("0001-01-01T00:00:00+14:00", "c1"),
            ("9999-12-31T23:59:59-14:00", "c1"),
        ],
        ids=["one part", "three parts", "words", "no zone", "too early", "too late"],
    )
    def test_refuses_what_no_list_gave_out(self, key: tuple[str, ...]) -> None:
        with pytest.raises(MalformedCursorError):
            moment_and_id(key, start=START)


class TestPositionOf:
    def test_is_zero_without_a_cursor(self) -> None:
        assert position_of(()) == 0

    def test_takes_the_largest_position_there_can_be(self) -> None:
        assert position_of((str(LARGEST_POSITION),)) == LARGEST_POSITION

    @pytest.mark.parametrize(
        "digits", [str(LARGEST_POSITION + 1), "-1", "1_0", "٣", "", "one"]
    )
    def test_refuses_what_is_no_position(self, digits: str) -> None:
        with pytest.raises(MalformedCursorError):
            position_of((digits,))


class TestKeyOf:
    def test_refuses_a_nul(self) -> None:
        assert _key_of(cursor(("a", "b"))) == ("a", "b")
        with pytest.raises(MalformedCursorError):
            _key_of(cursor(("a\0b",)))
