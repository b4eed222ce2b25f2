"""Moderators appear in the report of a cohort beside one another, as reviewers do."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest

from services.moderation.domain.opinions.events import ModeratorAlarmRaised
from services.moderation.statistics.reports import (
    as_csv,
    as_json,
    records_of,
    report_of,
)
from tests.support.checked import MODERATORS, CheckedCohort
from tests.support.moderated import Cohort, Told
from tests.unit.moderation.examples import COHORT


@pytest.fixture(scope="module")
def cohort() -> CheckedCohort:
    return CheckedCohort(reviewers=10, each=100)


@pytest.fixture(scope="module")
def facts(cohort: CheckedCohort) -> list[Told]:
    return list(cohort.facts())


@pytest.fixture(scope="module")
def report(facts: list[Told]) -> dict[str, Any]:
    return reported(facts)


def reported(facts: Sequence[Told]) -> dict[str, Any]:
    return dict(report_of(records_of(facts), cohort_id=COHORT, log_head="7:ab"))


class TestAgreement:
    """Source: statistics.md 1.7 and 6: moderators beside every overturn rate."""

    def test_stands_for_all_first_judgements_not_for_disputed_ones(
        self, cohort: CheckedCohort, facts: list[Told], report: dict[str, Any]
    ) -> None:
        weights = [1 / each.inclusion for each in records_of(facts).paired]
        pairs = zip(weights, cohort.would_agree, strict=True)
        share = sum(weight for weight, agree in pairs if agree) / sum(weights)
        found = report["overturns"]["agreement_of_moderators"]
        interval = found["percent_agreement"]["interval"]
        assert interval["low"] < share < interval["high"]
        assert interval["high"] - interval["low"] < 0.2
        assert 40 < found["pairs"] < len(cohort.would_agree)

    def test_is_too_low_where_disputed_cases_alone_are_counted(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        two = records_of(facts).judged_by_two
        disputed = [each for each in two if each.is_disputed]
        agreed = [each.blind[0].outcome == each.blind[1].outcome for each in disputed]
        found = report["overturns"]["agreement_of_moderators"]["percent_agreement"]
        assert sum(agreed) / len(agreed) < found["interval"]["low"]

    def test_has_an_interval_for_every_coefficient(
        self, report: dict[str, Any]
    ) -> None:
        found = report["overturns"]["agreement_of_moderators"]
        for name in ("percent_agreement", "cohen_kappa", "gwet_ac1"):
            assert found[name]["interval"]["low"] < found[name]["value"]
        assert found["criteria"]["sufficiency"]["quadratic_kappa"]["value"] > 0

    def test_is_of_disputed_cases_under_a_plan_without_second_opinions(self) -> None:
        found = reported(list(Cohort(reviewers=4, each=20).facts()))
        moderators = found["overturns"]["agreement_of_moderators"]
        assert "lower than on all" in moderators["note"]
        assert found["drift"]["charts_of_moderators"] == {}


class TestModerators:
    def test_are_told_each_beside_the_others(self, report: dict[str, Any]) -> None:
        assert set(report["moderators"]) == set(MODERATORS)
        for found in report["moderators"].values():
            beside = found["beside_other_moderators"]
            assert beside["agreement"]["pairs"] > 0
            assert beside["agreement"]["percent_agreement"]["interval"]
            assert found["second_opinions_drawn"] > 0

    def test_show_who_is_harsh(self, report: dict[str, Any]) -> None:
        apart = {
            who: found["beside_other_moderators"]["mean_difference"]
            for who, found in report["moderators"].items()
        }
        assert min(apart, key=lambda who: apart[who]["value"]) == "m-harsh"
        assert apart["m-harsh"]["interval"]["high"] < 0

    def test_have_charts_with_points_and_alarms(
        self, cohort: CheckedCohort, report: dict[str, Any]
    ) -> None:
        charts = report["drift"]["charts_of_moderators"]
        assert set(charts) == set(MODERATORS)
        raised = {
            who: [
                each.chart for each in facts if isinstance(each, ModeratorAlarmRaised)
            ]
            for who, facts in cohort.opinions.items()
        }
        shown = {
            who: [alarm for point in chart["points"] for alarm in point["alarms"]]
            for who, chart in charts.items()
        }
        assert shown == raised
        assert "harsh" in shown["m-harsh"]
        assert any(
            each["standing"] == "tightened"
            for chart in charts.values()
            for each in chart["standings"]
        )


class TestBytes:
    def test_are_the_same_from_the_same_events_in_both_forms(
        self, facts: list[Told], report: dict[str, Any]
    ) -> None:
        again = reported(facts)
        assert as_json(again) == as_json(report)
        assert as_csv(again) == as_csv(report)

    def test_hold_moderators_in_the_table(self, report: dict[str, Any]) -> None:
        rows = csv.DictReader(io.StringIO(as_csv(report).decode()))
        names = {row["statistic"] for row in rows}
        path = "moderators/m-harsh/beside_other_moderators/mean_difference"
        assert path in names
        assert "drift/charts_of_moderators/m-harsh/points/1/harsh" in names
