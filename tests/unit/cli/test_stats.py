"""`attest stats agreement` prints JSON, or says what is wrong with the file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import app
from services.cli.output import ExitCode

TABLE = {"scale": [1, 2, 3], "table": [[88, 14, 18], [10, 40, 10], [2, 6, 12]]}


def asked(content: object, *options: str) -> Any:
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    return CliRunner().invoke(app, ["stats", "agreement", "-", *options], input=text)


def answer(content: object, *options: str) -> Any:
    result = asked(content, *options)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def estimates(found: Any) -> Iterator[tuple[object, ...]]:
    """Yield value, error, interval and reason of every estimate in an answer."""
    if isinstance(found, dict) and "standard_error" in found:
        names = ("value", "standard_error", "interval", "reason")
        yield tuple(found[name] for name in names)
    elif isinstance(found, dict):
        for each in found.values():
            yield from estimates(each)


def some_of_all(found: Any) -> list[Any]:
    """Return an estimate of each kind with an interval, of an answer on ratings."""
    return [
        found["percent_agreement"],
        found["weighted_percent_agreement"]["linear"],
        found["coefficients"]["unweighted"]["fleiss_kappa"],
        found["krippendorff_alpha"]["nominal"],
    ]


class TestAgreement:
    def test_prints_the_published_figures_of_a_table(self) -> None:
        """Source: Cohen 1960, with the standard error of 1969."""
        found = answer(TABLE)
        kappa = found["coefficients"]["unweighted"]["cohen_kappa"]
        assert kappa["value"] == 0.491525
        assert kappa["standard_error"] == 0.051002
        assert kappa["interval"]["low"] < 0.491525 < kappa["interval"]["high"]
        assert found["coefficients"]["quadratic"]["gwet_ac2"]["value"] == 0.638554
        assert found["percent_agreement"]["interval"]["method"] == "Wilson"

    def test_says_the_same_every_time(self) -> None:
        assert asked(TABLE).stdout == asked(TABLE).stdout

    def test_says_of_pairs_what_it_says_of_their_table(self) -> None:
        pairs = [[1, 1], [1, 2], [2, 2], [2, 2]]
        from_pairs = answer({"scale": [1, 2], "pairs": pairs})
        from_table = answer({"scale": [1, 2], "table": [[1, 1], [0, 2]]})
        assert from_pairs | {"form": "table"} == from_table

    def test_weights_pairs_by_their_inclusion_probability(self) -> None:
        pairs, weights = [[1, 1], [1, 2]], [0.25, 1]
        found = answer({"scale": [1, 2], "pairs": pairs, "weights": weights})
        assert found["percent_agreement"]["value"] == 0.8
        assert found["percent_agreement_exact"]["interval"] is None

    def test_takes_ratings_of_many_with_missing_marks(self) -> None:
        rows = [[1, 1, None], [2, 3, 2], [3, 3, 3]]
        found = answer({"scale": [1, 2, 3], "ratings": rows})
        assert found["raters"] == 3
        assert found["intraclass_correlations"]["icc_2_1"]["value"] is None
        assert found["intraclass_correlations"]["icc_2_1"]["reason"]

    def test_says_why_something_is_not_estimable(self) -> None:
        found = answer({"scale": [1, 2], "table": [[20, 0], [0, 0]]})
        kappa = found["coefficients"]["unweighted"]["cohen_kappa"]
        assert kappa["value"] is None
        assert "same mark" in kappa["reason"]
        assert found["paradox"]["is_flagged"] is None

    @pytest.mark.parametrize(
        "content",
        [
            {"pairs": []},
            {"pairs": [[1, 2]]},
            {"pairs": [[1, 1], [1, 1]]},
            {"pairs": [[1, 1], [2, 1], [2, 2]], "weights": [1, 0.5, 0.1]},
            {"table": [[0, 0], [0, 0]]},
            {"table": [[7, 1], [2, 9]]},
            {"ratings": []},
            {"ratings": [[1, 2]]},
            {"ratings": [[None, None], [None, 1]]},
            {"ratings": [[1, None], [None, 2]]},
            {"ratings": [[1, 1], [1, 1]]},
            {"ratings": [[1, 1], [2, 2], [1, 1]]},
            {"ratings": [[1, 2, 1], [2, 2, 2], [1, 1, None]]},
        ],
        ids=str,
    )
    def test_gives_a_reason_for_everything_that_is_missing(
        self, content: dict[str, object]
    ) -> None:
        found = list(estimates(answer({"scale": [1, 2], **content})))
        assert len(found) > 20
        unexplained = [each for each in found if None in (*each[:3],) and not each[3]]
        assert unexplained == []

    def test_claims_no_error_of_a_single_pair(self) -> None:
        alone = answer({"scale": [1, 2], "pairs": [[1, 2]]})
        for each in (
            alone["percent_agreement"],
            alone["coefficients"]["quadratic"]["gwet_ac2"],
            alone["krippendorff_alpha"]["ordinal"],
        ):
            assert each["standard_error"] is None
            assert each["reason"] == "a single pair has no spread"

    def test_claims_no_certainty_where_no_unit_differs(self) -> None:
        """Source: statistics.md 1.6: such intervals held in a third of samples."""
        found = answer({"scale": [1, 2], "ratings": [[1, 1], [2, 2], [1, 1]]})
        percent = found["percent_agreement"]
        assert percent["interval"]["low"] == pytest.approx(0.4385, abs=1e-4)
        assert percent["interval"]["method"] == "Wilson"
        alpha = found["krippendorff_alpha"]["nominal"]
        assert (alpha["value"], alpha["interval"]) == (1.0, None)

    def test_cuts_no_coefficient_off_below_zero(self) -> None:
        rows = [[1, 4]] * 20 + [[4, 1]] * 20 + [[1, 3]] * 2
        found = answer({"scale": [1, 2, 3, 4], "ratings": rows})
        linear = found["coefficients"]["linear"]["brennan_prediger"]
        assert linear["value"] == pytest.approx(-1.3619, abs=1e-4)
        ends = linear["interval"]["low"], linear["interval"]["high"]
        assert sum(ends) / 2 == pytest.approx(linear["value"], abs=1e-5)
        percent = found["weighted_percent_agreement"]["linear"]
        assert percent["interval"]["low"] == 0

    @pytest.mark.parametrize(
        ("content", "name", "end", "value"),
        [
            ({"table": [[1, 0], [0, 39]]}, "cohen_kappa", "high", 1),
            ({"table": [[0, 5], [5, 0]]}, "cohen_kappa", "low", -1),
            (
                {"scale": [1, 2, 3, 4], "pairs": [[1, 4]]},
                "brennan_prediger",
                "low",
                -2.6,
            ),
        ],
        ids=str,
    )
    def test_has_intervals_that_hold_the_value(
        self, content: dict[str, object], name: str, end: str, value: float
    ) -> None:
        """Source: Brown, Cai and DasGupta 2001, of Jeffreys' interval."""
        found = answer({"scale": [1, 2], **content})["coefficients"]["quadratic"][name]
        assert found["value"] == value
        assert found["interval"][end] == value
        assert found["interval"]["low"] < found["interval"]["high"]

    def test_has_smaller_errors_for_a_finite_cohort(self) -> None:
        endless, finite = answer(TABLE), answer(TABLE, "--population", "250")
        first, second = (
            each["coefficients"]["unweighted"]["gwet_ac1"]["standard_error"]
            for each in (endless, finite)
        )
        assert second == pytest.approx(first * 0.2**0.5, abs=2e-6)

    def test_says_that_the_whole_cohort_was_seen(self) -> None:
        rows = [[1, 1], [1, 2], [2, 2], [2, 1]]
        found = answer({"scale": [1, 2], "ratings": rows}, "--population", "4")
        for each in some_of_all(found):
            assert (each["standard_error"], each["interval"]) == (0, None)
            assert "whole cohort was seen" in each["reason"]

    def test_has_smaller_intervals_of_ratings_of_a_finite_cohort(self) -> None:
        ratings = {"scale": [1, 2], "ratings": [[1, 1], [1, 2], [2, 2], [2, 1]] * 5}
        endless, finite = answer(ratings), answer(ratings, "--population", "21")
        pairs = zip(some_of_all(endless), some_of_all(finite), strict=True)
        for wide, narrow in ((one["interval"], two["interval"]) for one, two in pairs):
            share = (narrow["high"] - narrow["low"]) / (wide["high"] - wide["low"])
            assert share == pytest.approx((1 - 20 / 21) ** 0.5, abs=0.03)
        assert finite["population_narrows"].startswith("standard errors and intervals")

    def test_says_that_intervals_of_pairs_are_those_of_an_endless_cohort(self) -> None:
        endless, finite = answer(TABLE), answer(TABLE, "--population", "250")
        kappas = [
            each["coefficients"]["unweighted"]["cohen_kappa"]["interval"]
            for each in (endless, finite)
        ]
        assert kappas[0] == kappas[1]
        assert finite["population"] == 250
        assert "endless" in finite["population_narrows"]
        assert "population" not in endless

    def test_counts_no_row_against_the_population_that_nobody_judged(self) -> None:
        rows = [[1, 1], [1, 2], [2, 2], [None, None], [None, None]]
        found = answer({"scale": [1, 2], "ratings": rows}, "--population", "4")
        assert found["units"] == 3

    def test_reads_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "ratings.json"
        path.write_text(json.dumps(TABLE), encoding="utf-8")
        result = CliRunner().invoke(app, ["stats", "agreement", str(path)])
        assert result.stdout == asked(TABLE).stdout


class TestRefusal:
    @pytest.mark.parametrize(
        ("content", "where"),
        [
            ('{"scale": [1, 2], "pairs": [[1, 3]]}', "pairs[0][1]"),
            ('{"scale": [1, 2], "pairs": [[1, true]]}', "pairs[0][1]"),
            ('{"scale": [1, 2], "pairs": [["1", 1]]}', '"1" is no usable number'),
            ('{"scale": [1, 2], "pairs": [[1, NaN]]}', "NaN"),
            ('{"scale": [1, 2], "pairs": [[1, 1e999]]}', "pairs[0][1]"),
            ('{"scale": [1, 2], "pairs": [[1]]}', "pairs[0]"),
            ('{"scale": [1, 2], "pairs": [[1, 1]], "weights": [0]}', "weights[0]"),
            ('{"scale": [1, 2], "pairs": [[1, 1]], "weights": [1.5]}', "weights[0]"),
            ('{"scale": [1, 2], "pairs": [[1, 1]], "weights": [1, 1]}', "weights"),
            ('{"scale": [1, 2], "pairs": [[1, 1]], "weights": null}', "weights"),
            ('{"scale": [1, 2], "table": [[1, 1], [1, 1]], "weights": [1]}', "weights"),
            ('{"scale": [1, 2], "table": [[1, 1], [1]]}', "table[1]"),
            ('{"scale": [1, 2], "table": [[1, 1]]}', "table"),
            ('{"scale": [1, 2], "table": [[1, -1], [1, 1]]}', "table[0][1]"),
            ('{"scale": [1, 2], "table": [[1, 0.5], [1, 1]]}', "table[0][1]"),
            ('{"scale": [1, 2], "ratings": [[1, 1], [1]]}', "ratings[1]"),
            ('{"scale": [1, 2], "ratings": [[1], [1]]}', "ratings[0]"),
            ('{"scale": [1, 2], "pairs": [], "table": []}', "both pairs and table"),
            ('{"scale": [1, 2]}', "exactly one"),
            ('{"pairs": []}', "scale"),
            ('{"scale": [1, 1], "pairs": []}', "scale[1]"),
            ('{"scale": [2, 1], "pairs": []}', "scale[1]"),
            ('{"scale": [1], "pairs": []}', "scale"),
            ('{"scale": "1234", "pairs": []}', "scale"),
            ('{"scale": [1, 2], "pairs": [], "[/colour]": 1}', "[/colour]"),
            ('{"scale": [1, 2], "pairs": [], "pairs": []}', "pairs"),
            ("[1, 2]", "no JSON object"),
            ('{"scale": ', "line 1"),
            (b'{"scale": [1, 2], "\\u001b[31m": 1}', '"\\u001b[31m"'),
            (b"\xff\xfe", "byte 0"),
            ("", "line 1"),
            ("[" * 100_000, "nested"),
        ],
    )
    def test_says_where(self, content: str | bytes, where: str) -> None:
        result = asked(content)
        assert result.exit_code == ExitCode.REFUSED
        assert result.stdout == ""
        assert where in result.stderr
        assert "remedy: " in result.stderr

    @pytest.mark.parametrize(
        ("content", "options"),
        [
            (TABLE, ("--population", "199")),
            (
                {"scale": [1, 2], "pairs": [[1, 1]], "weights": [1]},
                ("--population", "9"),
            ),
        ],
    )
    def test_concerns_an_impossible_population(
        self, content: object, options: tuple[str, ...]
    ) -> None:
        result = asked(content, *options)
        assert result.exit_code == ExitCode.REFUSED
        assert "--population" in result.stderr

    def test_names_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        path = str(tmp_path / "nowhere.json")
        result = CliRunner().invoke(app, ["stats", "agreement", path])
        assert result.exit_code == ExitCode.REFUSED
        assert "nowhere.json" in result.stderr.replace("\n", "")


def test_the_command_line_starts_without_what_computes() -> None:
    program = "import sys, services.cli; print({'numpy', 'scipy'} & sys.modules.keys())"
    started = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert started.stdout.strip() == "set()"


def test_the_help_holds_an_example() -> None:
    result = CliRunner().invoke(app, ["stats", "agreement", "--help"])
    assert "attest stats agreement -" in " ".join(result.stdout.split())
