"""What the table of the benchmarks says about figures, and in which order."""

import json

import pytest

from benchmarks.__main__ import Report, in_order
from benchmarks.report import Row, at_least, below, percentile, show, to_json


def names(*rows: str) -> Report:
    return Report(tuple(Row(row, "1") for row in rows), "")


class TestRow:
    def test_is_met_by_the_ratio_of_rates_taken_in_turns(self) -> None:
        row = at_least("a", [30, 60, 90], [1, 3, 3], peer_name="peer", times=30)
        assert (row.ratio, row.verdict) == (30, "met")

    def test_is_short_when_the_ratio_is_below_what_must_be_reached(self) -> None:
        row = at_least("a", [30], [2], peer_name="peer", times=20)
        assert (row.ratio, row.verdict) == (15, "short")

    def test_is_short_when_a_figure_equals_what_it_must_stay_below(self) -> None:
        assert below("a", 50.0, 50, "ms").verdict == "short"
        assert below("a", 49.9, 50, "ms").verdict == "met"

    def test_says_nothing_where_nothing_must_be_reached(self) -> None:
        assert Row("a", "1").verdict == ""


class TestPercentile:
    def test_is_a_value_that_the_share_does_not_exceed(self) -> None:
        values = list(range(100, 0, -1))
        assert percentile(values, 0.5) == 51
        assert percentile(values, 0.99) == 100
        assert percentile([7.0], 0.99) == 7.0


class TestTable:
    def test_has_one_caller_behind_the_tailing_reader(self) -> None:
        rows = in_order(
            (
                names("append, 64 callers", "append, 1 caller"),
                names("a tailing reader"),
                names("replay"),
            )
        )
        assert [row.what for row in rows] == [
            "append, 64 callers",
            "a tailing reader",
            "append, 1 caller",
            "replay",
        ]

    def test_shows_a_dash_where_there_is_no_peer(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        show("Title", [below("a", 1.0, 2, "ms")], as_json=False)
        heading, line = capsys.readouterr().out.splitlines()[-2:]
        assert heading.split() == ["what", "ours", "peer", "ratio", "must", "reach"]
        assert line.split() == ["a", "1.00", "ms", "-", "-", "<", "2", "ms", "met"]

    def test_tells_machines_the_verdict_too(self) -> None:
        table = json.loads(to_json("Title", [below("a", 3.0, 2, "ms")], note="n"))
        assert table["note"] == "n"
        assert table["rows"][0]["verdict"] == "short"
