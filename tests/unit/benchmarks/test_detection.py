"""What the benchmark of detection says about its figures."""

import json
from collections.abc import Sequence

import pytest

from benchmarks.detection import parser, rows, run
from benchmarks.report import Row, to_json

SMALL = ("--reviewers=20", "--cohorts=4", "--releases=10")


@pytest.fixture(scope="module")
def found() -> Sequence[Row]:
    return tuple(rows(run(parser().parse_args(SMALL))))


class TestRows:
    @pytest.mark.parametrize(
        "what",
        [
            "plan G: power, ramp",
            "plan G: moderated of 100",
            "plan H: moderated of 100, beside 5 seeds",
            "official overturn rate: bias in points, step drift",
        ],
    )
    def test_have_what_must_be_reached(self, what: str, found: Sequence[Row]) -> None:
        (row,) = [each for each in found if each.what == what]
        assert row.target
        assert row.met is not None

    def test_can_be_written_for_machines(self, found: Sequence[Row]) -> None:
        told = json.loads(to_json("Detection", found))
        assert len(told["rows"]) == len(found)

    def test_have_policy_a_as_the_peer_of_the_plans(self, found: Sequence[Row]) -> None:
        powers = [row for row in found if "power" in row.what]
        assert powers
        assert all("policy A" in row.peer for row in powers)

    def test_tell_of_the_product_s_own_plan_by_both_rules(
        self, found: Sequence[Row]
    ) -> None:
        own = {row.what.partition(":")[0] for row in found}
        assert {"plan of ATS, CM from 2", "plan of ATS, CM from 3"} <= own

    def test_have_a_row_for_every_cohort_that_must_not_be_released(
        self, found: Sequence[Row]
    ) -> None:
        assert sum(row.what.startswith("released although") for row in found) == 8

    def test_are_all_met_at_full_volume(self, *, quick: bool) -> None:
        """Source: statistics.md section 5, claims 1 to 3; moderation.md 7."""
        if quick:
            pytest.skip("takes most of a minute")
        every = tuple(rows(run(parser().parse_args(()))))
        must = [row for row in every if row.met is not None]
        assert len(must) > 30
        assert [row.what for row in must if not row.met] == []
