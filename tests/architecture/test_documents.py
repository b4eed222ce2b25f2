"""What the documents name is there, and what is there is named.

Source: house-style.md: a service's README has its facts and messages on one page.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.operations.facts import AnyFact
from shared.eventlog.codec import fact_types
from tests.architecture.tree import ROOT, SERVICES
from tests.contract.schemas import public_messages

PLACES = ("services", "shared", "tests", "docs", "deploy", "benchmarks", "samples")
MADE_LATER = {"deploy/.env", "deploy/wheels"}
"""Written on the machine, never part of the project."""
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    + [
        page
        for place in PLACES
        for page in (ROOT / place).rglob("*.md")
        if not page.is_relative_to(ROOT / "samples" / "sources")
    ]
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)")
QUOTED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)/?`")


def missing(page: Path, text: str) -> Iterator[str]:
    """Yield what *text* links to, or calls a file, and is not there."""
    for target in LINK.findall(text):
        if not (page.parent / target).exists():
            yield target
    for path in QUOTED.findall(text):
        if path.startswith(tuple(f"{place}/" for place in PLACES)):
            if path not in MADE_LATER and not (ROOT / path).exists():
                yield path
        elif path.endswith(".py") and not (page.parent / path).exists():
            yield path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_only_files_that_exist(page: Path) -> None:
    assert list(missing(page, page.read_text())) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_names_its_facts_and_messages(service: str) -> None:
    messages = [model.model_fields["type"].default for model in public_messages()]
    names = {
        name.split(".")[1]
        for name in (*fact_types(AnyFact), *messages)
        if name.startswith(f"{service}.")
    }
    words = (ROOT / "services" / service / "README.md").read_text()
    assert {name for name in names if not re.search(rf"\b{name}\b", words)} == set()


def test_finds_a_file_that_is_not_there() -> None:
    text = "[a](gone.md) `shared/gone.py` `domain/gone.py` [b](README.md) `a/b`"
    found = list(missing(ROOT / "README.md", text))
    assert found == ["gone.md", "shared/gone.py", "domain/gone.py"]
