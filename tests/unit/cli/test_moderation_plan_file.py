"""Rules of a plan in a file: what is taken, and what is said about the rest."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from services.cli.moderation.plan_file import (
    LARGEST_BYTES,
    UnusablePlanError,
    read_rules,
)
from services.moderation.domain.rules import Rules
from tests.unit.moderation.examples import PLAN, RULES

CONTENT = RULES.model_dump(mode="json")
NEEDED = sorted(n for n, field in Rules.model_fields.items() if field.is_required())


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "rules.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(folder: Path, text: str | bytes) -> str:
    with pytest.raises(UnusablePlanError) as refused:
        read_rules(written(folder, text))
    return str(dict(refused.value.context))


class TestReadRules:
    @pytest.mark.parametrize(
        "content",
        [
            CONTENT,
            {"rules": CONTENT},
            PLAN.model_dump(mode="json"),
            {"plan": PLAN.model_dump(mode="json"), "plan_hash": "0", "key": None},
        ],
        ids=["rules", "under rules", "plan", "as a plan is shown"],
    )
    @pytest.mark.parametrize("write", [yaml.safe_dump, json.dumps])
    def test_takes_rules_and_plans_as_yaml_and_json(
        self, content: object, write: Callable[[object], str], tmp_path: Path
    ) -> None:
        assert read_rules(written(tmp_path, write(content))) == RULES

    @pytest.mark.parametrize(
        ("changed", "named"),
        [
            ({"block_size": 7}, "block_size must divide"),
            ({"first_judgements": 0}, "first_judgements"),
            ({"firstjudgements": 5}, "firstjudgements"),
            ({"detection": {"severity": {}}}, "detection.severity.alarm"),
            ({"floors": [{"rule": "x", "least_ppm": 2, "when": {}}]}, "floors.0.when"),
        ],
    )
    def test_names_the_field_that_is_wrong(
        self, changed: dict[str, object], named: str, tmp_path: Path
    ) -> None:
        assert named in problems(tmp_path, yaml.safe_dump({**CONTENT, **changed}))

    def test_refuses_what_no_plan_could_be_published_with(self, tmp_path: Path) -> None:
        """Under the name of a rule it would not be told by which of both it was."""
        floor = {"rule": "block", "least_ppm": 2, "when": {"outcome": ["CNM"]}}
        named = problems(tmp_path, yaml.safe_dump({**CONTENT, "floors": [floor]}))
        assert "block" in named
        unknown = {**CONTENT, "decisions": ["uphold", "dream"]}
        assert "dream" in problems(tmp_path, yaml.safe_dump(unknown))

    @pytest.mark.parametrize("field", NEEDED)
    def test_names_the_field_that_is_missing(self, field: str, tmp_path: Path) -> None:
        rest = {name: value for name, value in CONTENT.items() if name != field}
        assert f"{field}: Field required" in problems(tmp_path, yaml.safe_dump(rest))

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("", "rules"),
            ("- 1", "rules"),
            ("plan: 3", "rules"),
            ("a: [", "line 2"),
            ("block_size: 10\nblock_size: 20\n", "there twice"),
            (b"\xff\xfe\xfa", "UTF-8"),
            ("#" * (LARGEST_BYTES + 1), "too large"),
        ],
    )
    def test_refuses_what_holds_no_rules(
        self, text: str | bytes, named: str, tmp_path: Path
    ) -> None:
        assert named in problems(tmp_path, text)
