"""What must hold of the large cohort fails where it does not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from services.cli.demo.found import Found, Reviewer
from services.cli.demo.happened import Alarm, Log
from services.cli.demo.marking import DRIFTS_AFTER, JUDGES, Judge
from services.cli.demo.proving import check_found, estimate
from services.cli.demo.report import tell_found

RATE = {
    "value": 0.2,
    "standard_error": 0.1,
    "interval": {"low": 0.05, "high": 0.41, "method": "wilson"},
    "reason": None,
}
SEVERITY = {
    "value": -0.604,
    "standard_error": 0.1,
    "interval": {"low": -0.8, "high": -0.001, "method": "normal posterior"},
    "reason": None,
}
UNTOLD = {"value": None, "interval": None, "reason": "too few"}
RELEASE = {
    "cases": 31,
    "risk": {
        "checked": 12,
        "wrong": 0,
        "population": 31,
        "risk_ppm": 41_300,
        "tolerated_ppm": 200_000,
        "alpha_ppm": 50_000,
    },
}
REPORT: dict[str, Any] = {
    "overturns": {"official_rate": RATE},
    "counts": {"official_picks": 30},
}


def reviewer(judge: Judge) -> Reviewer:
    is_found = judge.fault is not None
    return Reviewer(
        judge=judge,
        told={
            "judgements": 12,
            "settled": 9,
            "overturns": {
                "expected_rate": RATE,
                "official_picks": 6,
                "overturned_of_them": 2,
            },
            "severity": SEVERITY,
        },
        alarm=Alarm("harsh", DRIFTS_AFTER + 4) if is_found else None,
        standings=("normal", "paused") if is_found else ("normal",),
        stands="paused" if is_found else "normal",
        remarked=4 if is_found else 0,
        waited=is_found,
    )


FOUND = Found(
    report=REPORT,
    is_same_twice=True,
    reviewers=tuple(reviewer(judge) for judge in JUDGES),
    releases=(RELEASE,),
    first_waited_for_nobody=True,
)


def changed(person: int, **changes: Any) -> Found:
    reviewers = list(FOUND.reviewers)
    reviewers[person] = replace(reviewers[person], **changes)
    return replace(FOUND, reviewers=tuple(reviewers))


def failing(found: Found) -> list[str]:
    return [each["check"] for each in check_found(found) if not each["holds"]]


def with_rate(**changes: Any) -> Found:
    rate = {**RATE, **changes}
    return replace(FOUND, report={**REPORT, "overturns": {"official_rate": rate}})


class TestChecks:
    def test_hold_when_everybody_is_found_and_waited_for(self) -> None:
        assert failing(FOUND) == []

    @pytest.mark.parametrize(
        ("found", "check"),
        [
            (changed(0, alarm=None), "harsh reviewer found"),
            (changed(1, alarm=None), "careless reviewer found"),
            (changed(2, alarm=None), "drifting reviewer found"),
            (
                changed(2, alarm=Alarm("harsh", DRIFTS_AFTER)),
                "drifting reviewer found",
            ),
            (
                changed(1, standings=("tightened",), remarked=0, waited=False),
                "careless reviewer found",
            ),
            (
                changed(0, told={**FOUND.reviewers[0].told, "severity": UNTOLD}),
                "rates and severities with intervals",
            ),
            (changed(4, standings=("paused",), remarked=1, waited=True),
             "no good reviewer paused"),
            (changed(0, remarked=0), "held until re-marked"),
            (changed(0, waited=False), "held until re-marked"),
            (replace(FOUND, first_waited_for_nobody=False), "held until re-marked"),
            (replace(FOUND, releases=()), "releases at a limited risk"),
            (
                replace(FOUND, releases=(RELEASE, {"cases": 3, "risk": None})),
                "releases at a limited risk",
            ),
            (with_rate(interval=None), "overturn rate with its interval"),
            (
                replace(FOUND, report={**REPORT, "counts": {"official_picks": 31}}),
                "overturn rate with its interval",
            ),
            (replace(FOUND, is_same_twice=False), "report the same twice"),
        ],
    )  # fmt: skip
    def test_fail_where_something_is_wrong(self, found: Found, check: str) -> None:
        assert failing(found) == [check]

    def test_tell_an_alarm_of_somebody_who_marks_well(self) -> None:
        found = changed(3, alarm=Alarm("lenient", 9))
        told = {each["check"]: each["found"] for each in check_found(found)}
        assert "rev-tove" in told["no good reviewer paused"]


class TestEstimate:
    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (RATE, ".20 (.05 to .41)"),
            (SEVERITY, "-.60 (-.80 to .00)"),
            ({**RATE, "value": 1.0, "interval": None}, "1.00"),
            ({"value": None, "reason": "too few"}, "too few"),
        ],
    )
    def test_is_short(self, told: Mapping[str, Any], words: str) -> None:
        assert estimate(told) == words


class TestTable:
    def test_has_a_line_for_each_reviewer_and_each_release(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tell_found(FOUND)
        printed = capsys.readouterr().out.splitlines()
        assert len(printed) == 1 + len(JUDGES) + 1 + 1 + 1
        assert printed[0].split() == [
            *("reviewer", "fault", "judged", "moderated", "overturned", "severity"),
            *("alarm", "since", "then"),
        ]
        assert printed[1].split() == [
            *("rev-quill", "harsh", "12", "9", "2", "of", "6,", ".20", "(.05", "to"),
            ".41)",
            *("-.60", "(-.80", "to", ".00)", "harsh", "after", "14"),
            *("normal,", "paused"),
        ]
        assert "a risk of 4.1 % that 20 % were wrong, at most 5 %" in printed[-2]


def fact(position: int, type_: str, **payload: Any) -> tuple[int, str, dict[str, Any]]:
    return position, f"moderation.{type_}", payload


class TestLog:
    LOG = Log(
        draws={
            "rev-quill": [
                fact(3, "JudgementReceived", judged={"case_id": "a"}),
                fact(4, "JudgementReceived", judged={"case_id": "b"}),
                fact(9, "AlarmRaised", chart="erratic"),
                fact(10, "RemarkAllOrdered"),
                fact(11, "JudgementReceived", judged={"case_id": "c"}),
                fact(12, "AlarmRaised", chart="harsh"),
            ]
        },
        settled={},
        released={},
        releases=(),
    )

    def test_tells_the_first_alarm_and_how_many_had_arrived(self) -> None:
        assert self.LOG.alarm("rev-quill") == Alarm("erratic", 2)
        assert self.LOG.alarm("rev-tove") is None

    def test_tells_what_was_judged_and_when_all_of_it_was_ordered(self) -> None:
        assert self.LOG.cases("rev-quill") == ["a", "b", "c"]
        assert self.LOG.ordered("rev-quill") == 10
        assert self.LOG.ordered("rev-tove") is None
