"""The charts find what they are for, in integers that follow the exact formulas."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import accumulate
from typing import Any

import pytest
from pydantic import ValidationError

from services.moderation.domain.detection import (
    DETECTION,
    Chart,
    Detection,
    Observation,
    Scores,
    escalated_ppm,
)
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.programmes import load_programme

AGREED = Observation(level_difference=0, absolute_difference=0, overturned=False)
HARSH = Observation(level_difference=-2, absolute_difference=2, overturned=False)
LENIENT = Observation(level_difference=2, absolute_difference=2, overturned=False)
ERRATIC = Observation(level_difference=0, absolute_difference=4, overturned=False)
OVERTURNED = Observation(level_difference=0, absolute_difference=0, overturned=True)


def after(*observations: Observation) -> Scores:
    return reduce(
        lambda scores, each: scores.after(each, DETECTION), observations, Scores()
    )


def with_risk(ppm: int) -> Scores:
    """Return scores whose largest is *ppm* of its alarm, exactly."""
    return Scores(harsh=DETECTION.severity.alarm * ppm // PARTS_PER_MILLION)


class TestScores:
    @pytest.mark.parametrize(
        ("observation", "alarm"),
        [(HARSH, "harsh"), (LENIENT, "lenient"), (ERRATIC, "erratic")],
    )
    def test_find_their_own_fault_first(
        self, observation: Observation, alarm: str
    ) -> None:
        steps = accumulate(
            [observation] * 10,
            lambda scores, each: scores.after(each, DETECTION),
            initial=Scores(),
        )
        first = next(alarms for each in steps if (alarms := each.alarms(DETECTION)))
        assert first == (alarm,)

    def test_find_overturns(self) -> None:
        assert after(*[OVERTURNED] * 3).alarms(DETECTION) == ()
        assert after(*[OVERTURNED] * 4).alarms(DETECTION) == ("overturns",)

    def test_stay_at_nought_while_nothing_differs(self) -> None:
        assert after(*[AGREED] * 50) == Scores()

    def test_follow_the_formulas(self) -> None:
        scores = after(HARSH)
        assert scores.harsh == 2 * 1186 - 22 - 500
        assert scores.lenient == 0
        assert scores.erratic == 2 * 1338 - 948 - 500
        assert scores.after(OVERTURNED, DETECTION).overturns == 1386
        assert after(OVERTURNED, AGREED).overturns == 1386 - 187

    @pytest.mark.parametrize(
        "sequence",
        [
            [HARSH, AGREED, ERRATIC, HARSH, LENIENT] * 4,
            [LENIENT, LENIENT, AGREED, OVERTURNED] * 5,
            [ERRATIC, AGREED, AGREED, OVERTURNED, HARSH] * 4,
        ],
        ids=["harsh", "lenient", "erratic"],
    )
    def test_differ_little_from_real_numbers(
        self, sequence: Sequence[Observation]
    ) -> None:
        # the null parameters of statistics.md section 5, in full precision
        harsh = lenient = erratic = overturns = 0.0
        for each in sequence:
            z = (each.level_difference / 3 + 0.0061016667) / 0.2809794233
            spread = (each.absolute_difference - 0.70847) / 0.7476230729
            harsh = max(0, harsh - z - 0.5)
            lenient = max(0, lenient + z - 0.5)
            erratic = max(0, erratic + spread - 0.5)
            overturns = max(0, overturns + (1.3862944 if each.overturned else -0.18654))
        scores = after(*sequence)
        exact = [1000 * each for each in (harsh, lenient, erratic, overturns)]
        found = [scores.harsh, scores.lenient, scores.erratic, scores.overturns]
        assert found == pytest.approx(exact, abs=25)


class TestEscalation:
    @pytest.mark.parametrize("floor_ppm", [50_000, 100_000, 1_000_000])
    def test_leaves_the_floor_up_to_its_beginning(self, floor_ppm: int) -> None:
        assert escalated_ppm(Scores(), DETECTION, floor_ppm) == floor_ppm
        assert escalated_ppm(with_risk(300_000), DETECTION, floor_ppm) == floor_ppm

    def test_is_certain_from_its_end(self) -> None:
        for ppm in (700_000, 1_000_000, 3_000_000):
            assert escalated_ppm(with_risk(ppm), DETECTION, 100_000) == 1_000_000

    def test_is_a_straight_line_in_between(self) -> None:
        assert escalated_ppm(with_risk(500_000), DETECTION, 100_000) == 550_000

    def test_never_falls_as_the_risk_grows(self) -> None:
        found = [
            escalated_ppm(Scores(erratic=points), DETECTION, 100_000)
            for points in range(0, 9_000, 7)
        ]
        assert found == sorted(found)


class TestDetection:
    @pytest.mark.parametrize("code", ["ATS", "QTLS", "ADVANCED-MENTOR"])
    def test_is_the_same_in_every_programme(self, code: str) -> None:
        """What these charts find and flag is simulated: see simulation/test_shipped."""
        first = load_programme("ATS").policy.sampling.detection
        assert load_programme(code).policy.sampling.detection == first

    @pytest.mark.parametrize(
        ("chart", "field", "value"),
        [
            ("severity", "points_per_level", 0),
            ("severity", "alarm", 0),
            ("dispersion", "allowance", -1),
            ("overturns", "up", 0),
            ("overturns", "down", 0),
            (None, "escalates_from_ppm", 700_000),
            (None, "escalates_fully_ppm", 1_000_001),
        ],
    )
    def test_refuses_what_detects_nothing(
        self, chart: str | None, field: str, value: int
    ) -> None:
        content: dict[str, Any] = DETECTION.model_dump()
        (content if chart is None else content[chart])[field] = value
        with pytest.raises(ValidationError, match=field):
            Detection.model_validate(content)

    def test_takes_a_chart_whose_centre_is_below_nought(self) -> None:
        chart = Chart(points_per_level=1000, centre=-22, allowance=0, alarm=1)
        assert chart.points(-1) == -978

    def test_names_every_chart_that_is_at_its_alarm(self) -> None:
        scores = replace(Scores(), harsh=7080, overturns=5420, erratic=7539)
        assert scores.alarms(DETECTION) == ("harsh", "overturns")
