"""What `attest moderation simulate` prints."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.moderation.simulation.marking import FAULTS
from tests.e2e.terminal import Screen, Terminal
from tests.unit.moderation.examples import RULES

SMALL = ("--reviewers", 20, "--portfolios", 12)


def simulate(*arguments: object) -> Screen:
    return Terminal().run("moderation", "simulate", *SMALL, *arguments)


def told(*arguments: object) -> dict[str, Any]:
    screen = simulate("--format", "json", *arguments)
    assert screen.exit_code == 0, screen.err
    return screen.row()


def rules_in(folder: Path, **changed: object) -> Path:
    path = folder / "rules.yaml"
    content = {**RULES.model_dump(mode="json"), **changed}
    path.write_text(yaml.safe_dump(content))
    return path


class TestSimulate:
    def test_prints_every_figure_of_every_plan(self) -> None:
        report = told()
        names = [(each["plan"], each["met_level"]) for each in report["plans"]]
        assert [name[0] for name, _ in names[:3]] == ["A", "G", "H"]
        assert names[3:5] == [("plan of ATS", 2), (names[0][0], 3)]
        assert names[-1] == ("plan of ATS", 3)
        for plan in report["plans"]:
            assert set(FAULTS) < set(plan["faults"])
            for found in plan["faults"].values():
                assert 0 <= found["power"] <= 1
                assert found["moderated"] <= 12

    def test_prints_the_same_bytes_from_the_same_seed(self) -> None:
        first, again = (simulate("--seed", 3) for _ in range(2))
        assert first.out == again.out
        assert simulate("--seed", 4).out != first.out

    def test_says_what_few_judgements_cannot_promise(self) -> None:
        assert "12 judgements per reviewer are fewer than 20" in simulate().out
        many = simulate("--portfolios", 20)
        assert "With fewer than 20 judgements per reviewer nobody" in many.out

    def test_says_how_far_moderation_lags_behind(self) -> None:
        assert "moderated before the next is drawn" in simulate().out
        assert "moderated when 4 more are completed" in simulate("--lag", 4).out
        assert told("--lag", 4)["lag"] == 4

    def test_says_what_second_opinions_cost_and_find(self) -> None:
        text = " ".join(simulate().out.split())
        assert "Second opinions" in text
        found = told()["moderators"]
        assert f"{100 * found['drawn']:.1f} that are drawn" in text

    def test_says_nothing_of_them_where_a_plan_has_none(self, tmp_path: Path) -> None:
        plain = ("--policy", rules_in(tmp_path))
        assert "Second opinions" not in simulate(*plain).out
        assert told(*plain)["moderators"] is None

    def test_prints_tables_that_line_up(self) -> None:
        text = simulate().out
        _, costs, power, *_ = text.split("\n\n")
        for table in (costs, power):
            widths = {len(line) for line in table.splitlines()[1:]}
            assert len(widths) == 1

    def test_compares_every_plan_of_the_research_when_asked(self) -> None:
        plans = told("--every")["plans"]
        letters = [each["plan"][0] for each in plans if each["met_level"] == 2]
        assert letters == [*"ABCDEFGHI", "p"]

    def test_takes_a_tenth_of_the_reviewers_when_quick(self) -> None:
        arguments = ("--reviewers", 400, "--quick")
        assert told(*arguments)["faulty_reviewers"] == 40


class TestPolicy:
    def test_is_tried_with_its_own_charts(self, tmp_path: Path) -> None:
        path = rules_in(tmp_path, first_judgements=12)
        plan = told("--policy", path)["plans"][-1]
        assert plan["plan"] == "plan in rules.yaml"
        assert plan["moderated_per_100"] > 95
        assert RULES.detection is not None
        assert plan["alarms"]["severity"] == RULES.detection.severity.alarm

    def test_is_refused_by_field(self, tmp_path: Path) -> None:
        screen = simulate("--policy", rules_in(tmp_path, block_size=7))
        assert screen.exit_code == 1
        assert "block_size must divide" in " ".join(screen.err.split())
        assert screen.out == ""

    def test_is_refused_without_charts(self, tmp_path: Path) -> None:
        screen = simulate("--policy", rules_in(tmp_path, detection=None))
        assert screen.exit_code == 1
        assert "no charts" in screen.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--programme", "NONE"), "programme"),
        (("--reviewers", 20_000, "--portfolios", 1_000), "more than fits into memory"),
    ],
)
def test_refuses_what_cannot_be_simulated(
    arguments: tuple[object, ...], said: str
) -> None:
    screen = simulate(*arguments)
    assert screen.exit_code == 1
    assert said in " ".join(screen.err.split())


def test_shows_its_progress_on_standard_error_only() -> None:
    assert json.loads(simulate("--format", "json").out)
