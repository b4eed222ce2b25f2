"""What somebody reads who watches the demonstration."""

from datetime import date
from typing import Any

import pytest

from services.cli.demo.play import ACTS, WHOLE_LIFE, Played
from services.cli.demo.report import (
    tell_act,
    tell_beginning,
    tell_end,
    tell_findings,
)

HOLDS: dict[str, Any] = {"check": "log gapless", "holds": True, "found": "7 events"}
FAILED: dict[str, Any] = {
    "check": "review: messages",
    "holds": False,
    "found": {"lost": 1, "out_of_order": 0},
}


class TestAct:
    def test_is_told_in_one_line_with_its_day(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        told = "3 portfolios; another, without leave, [refused]: " + "too late, " * 20
        tell_act(Played("submit with extension", date(2026, 12, 23), told, 0.94))
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err == (f"23 Dec 2026  submit with extension  {told}  0.9 s\n")

    @pytest.mark.parametrize("act", sorted({*ACTS, *WHOLE_LIFE}, key=str))
    def test_has_a_name_that_fits_its_column(self, act: Any) -> None:
        assert len(act.__name__) <= 21


class TestFindings:
    def test_say_what_holds_and_what_does_not(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tell_findings([HOLDS, FAILED])
        printed = capsys.readouterr()
        assert printed.err == ""
        assert printed.out.splitlines() == [
            "ok      log gapless       7 events",
            "FAILED  review: messages  1 lost, 0 out of order",
        ]


class TestEnd:
    @pytest.mark.parametrize(
        ("findings", "told"),
        [
            ([HOLDS], "All 1 checks hold. It took 1 min 51 s.\n"),
            (
                [HOLDS, FAILED],
                "1 of 2 checks do not hold: review: messages. It took 1 min 51 s.\n",
            ),
        ],
    )
    def test_is_one_sentence_about_the_checks(
        self,
        findings: list[dict[str, Any]],
        told: str,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        tell_end(findings, 111.4)
        assert capsys.readouterr().err == told


class TestBeginning:
    @pytest.mark.parametrize(
        ("is_whole", "told"), [(True, "fourteen months"), (False, "small cohort")]
    )
    def test_says_what_is_going_to_be_played(
        self, *, is_whole: bool, told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tell_beginning(is_whole=is_whole)
        assert told in capsys.readouterr().err
