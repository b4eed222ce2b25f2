"""Each row of the domain's tables is proved by tests that name its source.

The page of rules says which they are.
"""

import re
from importlib import import_module
from pathlib import Path

import pytest

from shared.eventlog import Codec
from tests.support.rows import AWAITED, FACTS, MESSAGES, ROWS, UNSENT
from tests.support.rules import PAGE, ROOT, Row, Rule, page, rules

EVERY_ROW = [row for rows in ROWS.values() for row in rows]
EXAMPLE = '''
class TestClaimReview:
    """Source: S1."""

    def test_is_free(self): ...

    async def test_refuses_a_mentor(self):
        """Never the own mentee.

        Source: domain.md 1; S2 6.1.3
        (appointed by SET).
        """

    def helper(self):
        """Source: S9."""


class TestLease:
    def test_has_no_source(self): ...

    def test_lasts(self):
        """Source: moderation.md."""


def test_a_module():
    """Source: AP 4.1."""
'''


@pytest.fixture
def example(tmp_path: Path) -> tuple[Rule, ...]:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_claims.py").write_text(EXAMPLE)
    return rules(tests)


class TestRules:
    def test_are_tests_that_name_a_source_or_whose_class_does(
        self, example: tuple[Rule, ...]
    ) -> None:
        assert [(each.subject, each.sentence, each.source) for each in example] == [
            ("", "a module", "AP 4.1"),
            ("Claim review", "is free", "S1"),
            (
                "Claim review",
                "refuses a mentor",
                "domain.md 1; S2 6.1.3 (appointed by SET)",
            ),
            ("Lease", "lasts", "moderation.md"),
        ]

    def test_stand_under_each_of_their_sources(self, example: tuple[Rule, ...]) -> None:
        assert [each.families for each in example] == [
            ("AP",),
            ("S1",),
            ("domain.md section 1", "S2"),
            ("Other documents",),
        ]

    def test_belong_to_a_row_by_source_words_and_place(
        self, example: tuple[Rule, ...]
    ) -> None:
        by_words = Row("mentor", r"S2 6\.1\.3", "mentor")
        assert [each.sentence for each in by_words.proofs(example)] == [
            "refuses a mentor"
        ]
        assert list(Row("mentor", "S1", "mentor").proofs(example)) == []
        assert list(Row("claims", "S1", where="tests/e2e/").proofs(example)) == []


class TestPage:
    def test_counts_the_tests_of_each_row_and_lists_them_by_source(
        self, example: tuple[Rule, ...]
    ) -> None:
        rows = {"People": (Row("mentor", "S2", "mentor"),)}
        shown = page(example, rows, {"review.Recalled": "recall"})
        assert "| People | mentor | 1 | S2, domain.md section 1 |" in shown
        assert "| review.Recalled | recall |" in shown
        assert (
            "## AP\n\n| Rule | Source | Test |\n|---|---|---|\n"
            "| a module | AP 4.1 | [test_claims](../tests/test_claims.py) |\n"
        ) in shown


@pytest.fixture(scope="module")
def found() -> tuple[Rule, ...]:
    """Every rule of the project, read once."""
    return rules()


class TestCommittedPage:
    def test_is_current(self, found: tuple[Rule, ...]) -> None:
        assert PAGE.read_text() == page(found, ROWS, AWAITED), (
            "write it again: make rules"
        )


class TestEveryRow:
    @pytest.mark.parametrize("row", EVERY_ROW, ids=lambda row: row.title)
    def test_is_proved(self, row: Row, found: tuple[Rule, ...]) -> None:
        assert list(row.proofs(found)), f"no test proves {row}"


def facts_of(service: str) -> frozenset[str]:
    """Return the types of fact that a service stores."""
    codec = import_module(f"services.{service}.app").CODEC
    assert isinstance(codec, Codec)
    return codec.types


@pytest.mark.parametrize("service", FACTS)
class TestService:
    """Source: domain.md section 4: the lists are the minimum, not the limit."""

    def test_has_every_fact_that_the_domain_names(self, service: str) -> None:
        asked = {f"{service}.{name}" for name in FACTS[service].split()}
        assert asked - facts_of(service) == asked & AWAITED.keys()

    def test_sends_every_message_that_the_domain_names(self, service: str) -> None:
        contract = import_module(f"shared.contracts.{service}")
        asked = MESSAGES[service].split()
        unsent = {f"{service}.{name}" for name in asked if not hasattr(contract, name)}
        assert unsent == {name for name in UNSENT if name.startswith(f"{service}.")}

    def test_has_tests_that_name_each_of_its_facts(self, service: str) -> None:
        tests = (ROOT / "tests" / "unit" / service).rglob("*.py")
        said = {word for path in tests for word in re.findall(r"\w+", path.read_text())}
        own = {each for each in facts_of(service) if each.startswith(f"{service}.")}
        assert {each for each in own if each.partition(".")[2] not in said} == set()
