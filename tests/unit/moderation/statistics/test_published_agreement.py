"""Agreement comes out as published, and as other engines have it."""

from typing import Any

import numpy as np
import pytest

from services.moderation.statistics.agreement import fleiss
from services.moderation.statistics.agreement.coefficients import chance_only_error
from services.moderation.statistics.agreement.icc import correlations
from services.moderation.statistics.agreement.joint import (
    joint_of_pairs,
    joint_of_table,
)
from services.moderation.statistics.agreement.krippendorff import METRICS
from services.moderation.statistics.agreement.of_pairs import PairAgreement
from services.moderation.statistics.agreement.of_raters import RatersAgreement
from services.moderation.statistics.agreement.weights import Weighting, weight_matrix
from services.moderation.statistics.estimates import Estimate
from services.moderation.statistics.intervals import clopper_pearson, wilson
from tests.unit.moderation.statistics.published import CHECKS, check

TABLES = [name for name in CHECKS if name.startswith("2rater/")]
WEIGHTED: tuple[tuple[Weighting, str, str], ...] = (
    ("unweighted", "", "gwet_AC1"),
    ("linear", "_linear", "gwet_AC2"),
    ("quadratic", "_quadratic", "gwet_AC2"),
)


@pytest.mark.parametrize("name", TABLES)
class TestTwoRaters:
    def test_have_the_published_coefficients_and_errors(self, name: str) -> None:
        entry = check(name)
        agreement = of_table(entry.data["table"])
        found: dict[str, float | None] = {}
        for weighting, suffix, gwet in WEIGHTED:
            of = agreement.coefficients(weighting)
            ac = of["gwet_ac1" if weighting == "unweighted" else "gwet_ac2"]
            note(found, f"cohen_kappa{suffix}", of["cohen_kappa"])
            found[f"cohen_kappa_se_FCE1969{suffix}"] = of["cohen_kappa"].standard_error
            found[f"cohen_kappa_se_H0{suffix}"] = under_chance(agreement, weighting)
            for key, estimate in (
                ("scott_pi", of["scott_pi"]),
                (gwet, ac),
                ("brennan_prediger", of["brennan_prediger"]),
            ):
                note(found, f"{key}{suffix}", estimate)
                found[f"{key}_se_n{suffix}"] = estimate.standard_error
            percent = agreement.weighted_percent(weighting)
            note(found, f"percent_agreement{suffix}", percent)
        note(found, "krippendorff_alpha_nominal", agreement.alpha("nominal"))
        assert {key: found[key] for key in entry.expected} == entry.near(entry.expected)

    def test_have_intervals_around_their_values(self, name: str) -> None:
        agreement = of_table(check(name).data["table"])
        for estimate in agreement.coefficients("unweighted").values():
            assert estimate.interval is not None
            assert estimate.value is not None
            low, high = estimate.interval.low, estimate.interval.high
            assert low <= estimate.value <= high
            assert high - low < 0.6


class TestManyRaters:
    def test_have_the_published_alphas(self) -> None:
        entry = check("krippendorff2011_4x12")
        by_coder = entry.data["reliability_data_rows_are_coders"]
        agreement = RatersAgreement(range(1, 6), list(zip(*by_coder, strict=True)))
        found = {metric: agreement.alpha(metric).value for metric in METRICS}
        assert found == entry.near(entry.expected)

    def test_have_the_published_coefficients_with_missing_marks(self) -> None:
        entry = check("gwet2014_raw4raters")
        agreement = RatersAgreement(range(1, 6), entry.data["rows_are_units"])
        of, alpha = agreement.coefficients("unweighted"), agreement.alpha("nominal")
        found = {
            "percent_agreement": agreement.percent("unweighted").value,
            "AC1": of["gwet_ac1"].value,
            "AC1_se": of["gwet_ac1"].standard_error,
            "fleiss": of["fleiss_kappa"].value,
            "fleiss_se": of["fleiss_kappa"].standard_error,
            "krippendorff": alpha.value,
            "krippendorff_se": alpha.standard_error,
            "conger": of["conger_kappa"].value,
            "conger_se": of["conger_kappa"].standard_error,
            "brennan_prediger": of["brennan_prediger"].value,
            "bp_se": of["brennan_prediger"].standard_error,
        }
        figures = {key: entry.expected[key] for key in found}
        assert found == entry.near(figures)

    @pytest.mark.parametrize(
        ("key", "name"), [("AC1", "gwet_ac1"), ("fleiss", "fleiss_kappa")]
    )
    def test_have_the_published_intervals(self, key: str, name: str) -> None:
        entry = check("gwet2014_raw4raters")
        agreement = RatersAgreement(range(1, 6), entry.data["rows_are_units"])
        interval = agreement.coefficients("unweighted")[name].interval
        assert interval is not None
        found = [round(interval.low, 3), interval.high]
        assert found == entry.expected[f"{key}_ci"]

    def test_have_the_published_weighted_coefficients(self) -> None:
        entry = check("gwet2014_raw4raters_weighted")
        agreement = RatersAgreement(range(1, 6), entry.data["rows_are_units"])
        found = {
            f"AC2_{weighting}": agreement.coefficients(weighting)["gwet_ac2"].value
            for weighting in ("linear", "quadratic", "ordinal")
        }
        for weighting in ("quadratic", "ordinal"):
            of = agreement.coefficients(weighting)
            found[f"fleiss_{weighting}"] = of["fleiss_kappa"].value
        found["alpha_quadratic"] = agreement.alpha("interval").value
        found["alpha_krippendorff_ordinal"] = agreement.alpha("ordinal").value
        figures = {key: entry.expected[key] for key in found}
        assert found == entry.near(figures)

    def test_have_the_published_kappa_of_fleiss(self) -> None:
        entry = check("fleiss1971_psychiatric")
        counts = entry.data["counts_30x5"]
        agreement = RatersAgreement(range(1, 6), as_rows(counts))
        of = agreement.coefficients("unweighted")
        error = fleiss.chance_only_error(np.asarray(counts, dtype=float))
        kappa, percent = of["fleiss_kappa"].value, agreement.percent("unweighted").value
        assert error is not None
        assert kappa is not None
        assert percent is not None
        found = {
            "po": percent,
            "pe": (percent - kappa) / (1 - kappa),
            "kappa": kappa,
            "SE_H0": error,
            "AC1": of["gwet_ac1"].value,
            "brennan_prediger": of["brennan_prediger"].value,
            "krippendorff": agreement.alpha("nominal").value,
        }
        assert found == entry.near({key: entry.expected[key] for key in found})
        assert kappa / error == pytest.approx(entry.expected["z"], abs=1e-3)
        by_mark = [each.value for each in agreement.by_category().values()]
        assert by_mark == pytest.approx(entry.expected["per_category"], abs=6e-4)

    def test_have_the_published_intraclass_correlations(self) -> None:
        entry = check("shrout_fleiss_1979_icc")
        rows = np.asarray(entry.data["subjects_by_judges"], dtype=float)
        found = correlations(rows, np.ones(len(rows)))
        values = [
            found[key].value
            for key in (
                "icc_1_1",
                "icc_2_1",
                "icc_3_1",
                "icc_1_k",
                "icc_2_k",
                "icc_3_k",
            )
        ]
        assert values == entry.near(list(entry.expected.values()))

    @pytest.mark.parametrize(
        ("key", "bounds"),
        [
            ("icc_1_1", (-0.13, 0.72)),
            ("icc_2_1", (0.02, 0.76)),
            ("icc_3_1", (0.34, 0.95)),
        ],
    )
    def test_have_the_intervals_of_a_known_engine(
        self, key: str, bounds: tuple[float, float]
    ) -> None:
        """Source: R psych, ICC(sf), as printed in its manual."""
        rows = check("shrout_fleiss_1979_icc").data["subjects_by_judges"]
        interval = correlations(np.asarray(rows, dtype=float), np.ones(6))[key].interval
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx(bounds, abs=0.006)


class TestScale:
    def test_counts_a_mark_that_nobody_gave(self) -> None:
        entry = check("weighted_kappa_unused_category")
        pairs = list(zip(entry.data["a"], entry.data["b"], strict=True))
        found = {}
        for name, scale in (("q4", [1, 2, 3, 4]), ("q3_wrong", [1, 2, 4])):
            agreement = PairAgreement(joint_of_pairs(scale, pairs), seed_text="")
            found[f"AC1_{name}"] = agreement.coefficient("gwet_ac", "unweighted").value
        full = PairAgreement(joint_of_pairs([1, 2, 3, 4], pairs), seed_text="")
        quadratic = full.coefficients("quadratic")
        linear = full.coefficients("linear")
        found["quadratic_kappa_full_scale"] = quadratic["cohen_kappa"].value
        found["linear_kappa_full_scale"] = linear["cohen_kappa"].value
        found["AC2_quadratic_q4"] = quadratic["gwet_ac2"].value
        assert found == entry.near({key: entry.expected[key] for key in found})
        assert quadratic["cohen_kappa"].value != pytest.approx(
            entry.expected["WRONG_sklearn_without_labels"], abs=0.05
        )


@pytest.mark.parametrize("name", ["binomial_ci_81_263", "binomial_ci_15_148"])
class TestProportion:
    def test_has_the_published_intervals(self, name: str) -> None:
        entry = check(name)
        seen = entry.data["x"], entry.data["n"]
        for key, interval in (
            ("wilson", wilson(*seen)),
            ("clopper_pearson", clopper_pearson(*seen)),
        ):
            assert [interval.low, interval.high] == entry.near(entry.expected[key])


def of_table(table: list[list[int]]) -> PairAgreement:
    scale = range(1, len(table) + 1)
    joint = joint_of_table(list(scale), np.asarray(table, dtype=float))
    return PairAgreement(joint, seed_text="a table")


def under_chance(agreement: PairAgreement, weighting: Weighting) -> float:
    joint = agreement.joint
    weights = weight_matrix(joint.scale, weighting)
    return chance_only_error(joint.shares, weights, joint.pairs)


def as_rows(counts: list[list[int]]) -> list[list[float | None]]:
    return [
        [mark for mark, number in enumerate(row, start=1) for _ in range(number)]
        for row in counts
    ]


def note(found: dict[str, Any], key: str, estimate: Estimate) -> None:
    found[key] = estimate.value
