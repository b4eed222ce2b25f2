"""What must hold of seeds and late conflicts fails where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from services.cli.demo import cast as played
from services.cli.demo.late import check_conflicts, check_seeds
from services.cli.demo.pool import Seeds
from services.cli.demo.stage import Stage

Rows = list[dict[str, Any]]


@dataclass
class Told:
    """Lists that an interface returns, by path."""

    rows: dict[str, Rows]

    def pages(self, path: str, **_: object) -> Iterator[dict[str, Any]]:
        return iter(self.rows.get(path, []))


@dataclass
class Stand:
    """A stage on which two seeds were judged, and two conflicts came to light."""

    seeds: Seeds = field(
        default_factory=lambda: Seeds(judged={"s1": True, "s2": False})
    )
    by_type: dict[str, Rows] = field(
        default_factory=lambda: {
            "moderation.SeedJudged": [seed("s1", in_tolerance=True), seed("s2")],
            "review.Completed": [
                *(completed("early", 1, who) for who in ("rita", "sam")),
                *(completed("after", n, who) for n, who in ((1, "nora"), (2, "sam"))),
            ],
        }
    )
    office: Told = field(default_factory=lambda: Told({}))
    lead: Told = field(
        default_factory=lambda: Told(
            {
                "/review/conflicts": [
                    conflict("early", "rita", "judged"),
                    conflict("after", "nora", "released"),
                ]
            }
        )
    )

    def facts(self, type_: str, _: str) -> Rows:
        return self.by_type.get(type_, [])

    def case_of(self, number: int) -> str:
        return {played.FOUND_LATE: "early", played.FOUND_AFTERWARDS: "after"}[number]


def seed(case_id: str, *, in_tolerance: bool = False) -> dict[str, Any]:
    return {"payload": {"case_id": case_id, "in_tolerance": in_tolerance}}


def completed(case_id: str, number: int, who: str) -> dict[str, Any]:
    stream = f"review-{case_id}.1.{number}"
    return {"stream": stream, "payload": {"reviewer_id": who}}


def conflict(case_id: str, who: str, when: str) -> dict[str, Any]:
    return {"case_id": case_id, "conflict_of": who, "conflict_when": when}


def failing(stand: Stand) -> list[str]:
    stage = cast("Stage", stand)
    findings = [*check_seeds(stage), check_conflicts(stage)]
    return [each["check"] for each in findings if not each["holds"]]


class TestSeeds:
    def test_hold_when_each_is_compared_as_it_was_judged(self) -> None:
        assert failing(Stand()) == []

    @pytest.mark.parametrize(
        "judged",
        [
            [seed("s1", in_tolerance=True)],
            [seed("s1", in_tolerance=True), seed("s2", in_tolerance=True)],
            [seed("s1", in_tolerance=True), seed("s2"), seed("s2")],
        ],
    )
    def test_fail_where_one_is_missing_twice_or_otherwise(self, judged: Rows) -> None:
        stand = Stand()
        stand.by_type["moderation.SeedJudged"] = judged
        assert failing(stand) == ["seeds compared once"]

    def test_fail_where_there_are_none(self) -> None:
        stand = Stand(seeds=Seeds())
        stand.by_type["moderation.SeedJudged"] = []
        assert failing(stand) == ["seeds compared once"]

    @pytest.mark.parametrize(
        ("path", "row"),
        [
            ("/submission/cases", {"case_id": "s1"}),
            ("/notification/notices", {"case_id": "s2", "template": "outcome-cm"}),
        ],
    )
    def test_fail_where_somebody_is_told(self, path: str, row: dict[str, Any]) -> None:
        stand = Stand(office=Told({path: [row]}))
        assert failing(stand) == ["seeds told to nobody"]

    def test_fail_where_an_outcome_is_released(self) -> None:
        stand = Stand()
        released = [{"stream": "moderation-s1.1"}]
        stand.by_type["moderation.OutcomeReleased"] = released
        assert failing(stand) == ["seeds told to nobody"]

    def test_may_be_allocated_like_any_other(self) -> None:
        row = {"case_id": "s1", "template": "review-allocated"}
        assert failing(Stand(office=Told({"/notification/notices": [row]}))) == []


class TestConflicts:
    @pytest.mark.parametrize("again", [[], [completed("after", 2, "nora")]])
    def test_fail_where_nobody_else_judges(self, again: Rows) -> None:
        stand = Stand()
        kept = stand.by_type["review.Completed"][:3]
        stand.by_type["review.Completed"] = [*kept, *again]
        assert failing(stand) == ["late conflicts settled"]

    def test_fail_where_the_lead_does_not_read_of_one(self) -> None:
        assert failing(Stand(lead=Told({}))) == ["late conflicts settled"]
