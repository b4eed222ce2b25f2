"""Krippendorff's alpha and its error hold for large, skewed and odd input too."""

import numpy as np
import pytest

from services.moderation.statistics.agreement.joint import (
    joint_of_pairs,
    joint_of_table,
)
from services.moderation.statistics.agreement.krippendorff import (
    METRICS,
    Metric,
    influences,
)
from services.moderation.statistics.agreement.of_pairs import PairAgreement, everything
from services.moderation.statistics.agreement.of_raters import RatersAgreement
from services.moderation.statistics.estimates import Array
from services.moderation.statistics.plain import plain

UNITS = np.asarray(
    [[2, 0, 0, 0], [1, 1, 0, 0], [0, 3, 0, 0], [0, 1, 2, 0], [1, 0, 0, 1], [0, 0, 1, 0]]
)
REPEATS = np.asarray([900.0, 3.0, 40.0, 7.0, 1.0, 5.0])
SCALE = (0.5, 1.0, 3.0, 10.0)


class TestAlphaError:
    @pytest.mark.parametrize(
        ("table", "error"),
        [
            ([[20_000, 3], [2, 2]], 0.2066),
            ([[100_000, 10], [10, 10]], 0.0968),
            ([[50_000, 1], [2, 3]], None),
            ([[9_999, 1], [0, 0]], None),
            ([[40, 9], [6, 45]], None),
        ],
    )
    def test_of_two_marks_is_that_of_scotts_pi(
        self, table: list[list[int]], error: float | None
    ) -> None:
        found = of_table(table)
        scott = found.coefficient("scott_pi", "unweighted").standard_error
        for metric in METRICS:
            alpha = found.alpha(metric).standard_error
            assert alpha == pytest.approx(scott, rel=1e-9)
            assert error is None or alpha == pytest.approx(error, abs=5e-5)

    @pytest.mark.parametrize("metric", METRICS)
    def test_comes_from_the_derivative_of_alpha(self, metric: Metric) -> None:
        found = influences(UNITS, REPEATS, SCALE, metric)
        assert found == pytest.approx(by_steps(metric), abs=1e-6)
        assert (found * REPEATS).sum() == pytest.approx(0, abs=1e-9)

    @pytest.mark.parametrize("farthest", [100, 1e6, 1e12])
    def test_exists_where_an_unused_mark_is_far_away(self, farthest: float) -> None:
        pairs = [(1, 1)] * 3 + [(1, 2), (2, 2)]
        near = PairAgreement(joint_of_pairs((1, 2), pairs), seed_text="", draws=100)
        far = joint_of_pairs((1, 2, farthest), pairs)
        agreement = PairAgreement(far, seed_text="", draws=100)
        found, expected = agreement.alpha("interval"), near.alpha("interval")
        assert found.value == pytest.approx(expected.value)
        assert found.standard_error == pytest.approx(expected.standard_error)

    def test_exists_where_a_pair_was_hardly_ever_drawn(self) -> None:
        joint = joint_of_pairs((0, 1), [(1, 1), (1, 0)], inclusion=[1e-6, 0.5])
        agreement = PairAgreement(joint, seed_text="", draws=100)
        assert isinstance(plain(everything(agreement)), dict)

    def test_of_many_units_is_that_of_their_pairs(self) -> None:
        rows = [(0, 0)] * 20_000 + [(0, 1)] * 2 + [(1, 1)]
        of_units = RatersAgreement((0, 1), rows).alpha("nominal").standard_error
        counted = of_table([[20_000, 2], [0, 1]]).alpha("nominal").standard_error
        assert of_units == pytest.approx(counted, rel=1e-4)


class TestAlpha:
    @pytest.mark.parametrize("unit", [1e-6, 1e-7, 1e-200, 1e12])
    @pytest.mark.parametrize("metric", METRICS)
    def test_does_not_depend_on_the_unit_of_the_marks(
        self, unit: float, metric: Metric
    ) -> None:
        table = np.asarray([[40, 9, 1], [6, 45, 0], [2, 3, 8]], dtype=float)
        one, other = (
            PairAgreement(joint_of_table(scale, table), seed_text="", draws=100)
            for scale in ((0, 1, 3), (0, unit, 3 * unit))
        )
        expected, found = one.alpha(metric), other.alpha(metric)
        assert found.value == pytest.approx(expected.value)
        assert found.standard_error == pytest.approx(expected.standard_error)
        assert found.interval == expected.interval

    def test_tells_marks_from_each_other_beside_one_far_away(self) -> None:
        rows = [(1, 1), (1, 2), (2, 2)]
        near = RatersAgreement((1, 2), rows).alpha("interval")
        far = RatersAgreement((1, 2, 1e12), rows).alpha("interval")
        assert far.value == pytest.approx(near.value)
        assert far.standard_error == pytest.approx(near.standard_error)


def of_table(table: list[list[int]]) -> PairAgreement:
    joint = joint_of_table((0, 1), np.asarray(table, dtype=float))
    return PairAgreement(joint, seed_text="", draws=100)


def by_steps(metric: Metric) -> Array:
    """Return the derivatives of alpha by steps, refined once (Richardson)."""
    units = REPEATS[UNITS.sum(axis=1) > 1].sum()
    return np.asarray(
        [
            units * (4 * step(place, 5e-3, metric) - step(place, 1e-2, metric)) / 3
            for place in range(len(UNITS))
        ]
    )


def step(place: int, width: float, metric: Metric) -> float:
    moved = np.eye(len(UNITS))[place] * width
    up, down = (alpha_of(REPEATS + sign * moved, metric) for sign in (1, -1))
    return (up - down) / (2 * width)


def alpha_of(repeats: Array, metric: Metric) -> float:
    """Return alpha by its definition, with n in the place of n - 1."""
    seen = np.zeros((4, 4))
    for unit, often in zip(UNITS, repeats, strict=True):
        if unit.sum() > 1:
            seen += often * (np.outer(unit, unit) - np.diag(unit)) / (unit.sum() - 1)
    margins = seen.sum(axis=0)
    apart = [
        [distance(one, other, margins, metric) for other in range(4)]
        for one in range(4)
    ]
    expected = np.outer(margins, margins) * apart
    return float(1 - margins.sum() * (seen * apart).sum() / expected.sum())


def distance(one: int, other: int, margins: Array, metric: Metric) -> float:
    low, high = sorted((one, other))
    first, last = SCALE[low], SCALE[high]
    match metric:
        case "nominal":
            return float(low != high)
        case "interval":
            return (last - first) ** 2
        case "ratio":
            return ((last - first) / (last + first)) ** 2
        case "ordinal":
            between = margins[low : high + 1].sum()
            return float((between - (margins[low] + margins[high]) / 2) ** 2)
