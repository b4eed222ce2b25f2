"""Intraclass correlations of few or odd ratings: an interval, or why there is none."""

import numpy as np
import pytest

from services.moderation.statistics.agreement.icc import NAMES, correlations
from services.moderation.statistics.estimates import Estimate

FAR_APART = [[4, 1], [5, 1], [5, 3], [4, 2], [2, 1]]


class TestNoInterval:
    @pytest.mark.parametrize(
        "rows",
        [
            [[1, 2], [2, 1]],
            [[1, 2], [2, 1], [1, 2]],
            [[1, 3], [2, 2], [3, 1]],
            [[1, 2, 3], [2, 3, 1], [3, 1, 2]],
        ],
        ids=str,
    )
    def test_is_claimed_where_units_have_the_same_mean(
        self, rows: list[list[int]]
    ) -> None:
        found = of(rows)
        assert found["icc_1_1"].value == pytest.approx(-1 / (len(rows[0]) - 1))
        for estimate in found.values():
            assert estimate.interval is None
            assert estimate.reason is not None
            assert "no unit differs from another in the mean" in estimate.reason

    def test_is_claimed_where_its_approximation_misses_the_value(self) -> None:
        estimate = of([[98, -63], [-5, 60]])["icc_2_1"]
        assert estimate.value is not None
        assert estimate.value < -1
        assert estimate.interval is None
        assert estimate.reason is not None
        assert "degrees of freedom" in estimate.reason

    def test_is_claimed_of_a_mean_beyond_the_pole_of_its_formula(self) -> None:
        found = of([[1, 1], [2, 2], [2, 0], [0, 1]])
        single, mean = found["icc_2_1"], found["icc_2_k"]
        assert single.interval is not None
        assert single.interval.low <= -1
        assert mean.value == pytest.approx(0)
        assert mean.interval is None
        assert mean.reason is not None
        assert "low end does not exist" in mean.reason


class TestInterval:
    def test_of_a_mean_follows_from_that_of_a_single_rating(self) -> None:
        found = of(FAR_APART)
        single, mean = found["icc_2_1"].interval, found["icc_2_k"].interval
        assert single is not None
        assert mean is not None
        assert single.low > -1
        for one, of_two in ((single.low, mean.low), (single.high, mean.high)):
            assert of_two == pytest.approx(2 * one / (1 + one))

    @pytest.mark.parametrize("unit", [1e-7, 1e-30, 1e9])
    def test_does_not_depend_on_the_unit_of_the_marks(self, unit: float) -> None:
        found, expected = of(FAR_APART, unit=unit), of(FAR_APART)
        for name in NAMES:
            one, two = found[name], expected[name]
            assert one.value == pytest.approx(two.value)
            assert one.interval is not None
            assert two.interval is not None
            assert one.interval.low == pytest.approx(two.interval.low)
            assert one.interval.high == pytest.approx(two.interval.high)


class TestNoValue:
    def test_is_claimed_where_the_variance_comes_out_negative(self) -> None:
        estimate = of([[1, 1], [2, 1], [0, 2], [1, 1]])["icc_2_k"]
        assert estimate.value is None
        assert estimate.reason is not None
        assert "zero or less" in estimate.reason


def of(rows: list[list[int]], *, unit: float = 1.0) -> dict[str, Estimate]:
    ratings = np.asarray(rows, dtype=float) * unit
    return correlations(ratings, np.ones(len(ratings)))
