"""What may be decided is said in one module, and added by editing it and the plan."""

import ast
import json
import subprocess
import sys
from typing import Any, get_args

import pytest

from services.moderation.domain.deciding import Consequence, Settles
from services.moderation.domain.decisions import USUAL, Asked, Decision
from services.moderation.domain.plan.checking import refuse_unusable
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.refusals import (
    DecisionUnknownError,
    UndecidableError,
)
from services.moderation.domain.rules import Rules
from tests.architecture.tree import ROOT
from tests.unit.moderation.examples import PLAN, RULES

OWN = ROOT / "services/moderation/domain/decisions.py"
READERS = sorted(
    path
    for service in ("moderation", "operations")
    for path in (ROOT / "services" / service).rglob("*.py")
    if path != OWN
)
AGREEMENT = "services/moderation/domain/comparison.py"
"""What settles a case that nobody has to decide: the moderators agree."""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.unit.moderation.added"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class TestAddedDecision:
    """Source: moderation.md 5; as the module of decisions says how to add one."""

    def test_is_taken_by_the_route_and_its_description(
        self, told: dict[str, Any]
    ) -> None:
        assert told["route"] == ["amend", "correct", "overturn", "return", "uphold"]

    def test_is_made_only_under_a_plan_that_names_it(
        self, told: dict[str, Any]
    ) -> None:
        assert told["without the plan"] == "NotInPlan"
        assert told["decided"] == "moderation.LevelsCorrected"

    def test_follows_its_own_rule(self, told: dict[str, Any]) -> None:
        assert told["against its rule"] == "LevelsChanged"

    def test_is_made_once(self, told: dict[str, Any]) -> None:
        assert told["again"] == []

    def test_is_read_by_the_lead_and_on_timelines(self, told: dict[str, Any]) -> None:
        assert told["lead reads"] == ["CM", "widened"]
        assert told["timeline"] == "Levels corrected"

    def test_settles_the_case_for_queue_and_report(self, told: dict[str, Any]) -> None:
        assert told["queue"] == "settled"
        assert told["report"] == ["CM", False]

    def test_is_told_by_what_it_changes(self, told: dict[str, Any]) -> None:
        assert told["participant reads"] == ["CM", "Better than was said."]
        assert told["reviewer hears"] == "amended"


class TestDecisions:
    """Source: moderation.md 5."""

    def test_are_named_in_one_module_alone(self) -> None:
        """Otherwise go by what a decision says of itself."""
        settling = {each.__name__ for each in get_args(Decision)}
        names = {each.__name__ for each in get_args(Asked)} | settling
        words = {f"moderation.{name}" for name in settling} | {*USUAL}
        found = {
            str(path.relative_to(ROOT)): named_in(path.read_text()) & (names | words)
            for path in READERS
        }
        named = {path: sorted(these) for path, these in found.items() if these}
        assert named == {AGREEMENT: ["Upheld"]}

    def test_that_may_change_a_result_ask_about_other_work(self) -> None:
        """Source: moderation.md 5: not without deciding about the other work."""
        changing = [
            each
            for each in get_args(Asked)
            if each.goes_back() or each.makes.changes_outcome()
        ]
        assert [each.name() for each in changing] == ["overturn", "return"]
        for each in changing:
            kinds = [field.annotation for field in each.model_fields.values()]
            assert any(
                isinstance(kind, type) and issubclass(kind, Consequence)
                for kind in kinds
            )

    def test_that_settle_say_so(self) -> None:
        assert all(issubclass(each, Settles) for each in get_args(Decision))


class TestPlan:
    def test_that_names_no_decisions_reads_and_hashes_as_before(self) -> None:
        assert "decisions" not in RULES.model_dump()
        assert Rules.model_validate(RULES.model_dump()).decisions == USUAL
        named = RULES.model_copy(update={"decisions": ("uphold", "overturn")})
        other = PLAN.model_copy(update={"rules": named})
        assert plan_hash(other) != plan_hash(PLAN)
        assert Rules.model_validate(named.model_dump()) == named

    def test_names_decisions_that_there_are(self) -> None:
        rules = RULES.model_copy(update={"decisions": (*USUAL, "annul")})
        with pytest.raises(DecisionUnknownError) as refused:
            refuse_unusable(rules)
        known = [each.name() for each in get_args(Asked)]
        assert refused.value.context == {"unknown": ["annul"], "known": known}

    @pytest.mark.parametrize(
        "decisions", [("uphold", "amend"), ("overturn", "return"), ("return",), ()]
    )
    def test_lets_the_lead_settle_a_case_either_way(
        self, decisions: tuple[str, ...]
    ) -> None:
        rules = RULES.model_copy(update={"decisions": decisions})
        with pytest.raises(UndecidableError):
            refuse_unusable(rules)
        refuse_unusable(RULES.model_copy(update={"decisions": ("uphold", "overturn")}))


def named_in(source: str) -> set[str]:
    """Return the names and the texts that some code uses."""
    nodes = list(ast.walk(ast.parse(source)))
    texts = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    imported = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return names | texts | imported
