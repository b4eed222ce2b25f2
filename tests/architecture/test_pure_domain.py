"""A domain imports only what is on this list: no clock, ids, I/O or randomness."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES, imports_of

ALLOWED = {
    "base64",
    "binascii",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "math",
    "operator",
    "pydantic",
    "re",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
    "shared.carrying",
    "shared.decider",
    "shared.errors",
    "shared.holds",
    "shared.london",
    "shared.personal",
    "shared.vocabulary",
    "shared.contracts.programme",
    "shared.contracts.portfolio",
    "shared.contracts.feedback",
}
"""``hashlib``, ``hmac``, ``json`` and ``zoneinfo`` compute, they do not reach out; of
``uuid`` ruff bans what makes new ids."""

FILES = sorted(
    path
    for service in SERVICES
    for path in (ROOT / "services" / service).rglob("domain/**/*.py")
)


def is_allowed(name: str) -> bool:
    own = name.startswith("services.") and ".domain" in name
    return own or any(name == a or name.startswith(f"{a}.") for a in ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_what_is_allowed(path: Path) -> None:
    assert [name for name in imports_of(path) if not is_allowed(name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_its_own_domain(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).parts[:2])
    foreign = [
        name
        for name in imports_of(path)
        if name.startswith("services.") and not name.startswith(f"{own}.")
    ]
    assert foreign == []


def test_finds_a_forbidden_import() -> None:
    tree = ast.parse("import httpx\nfrom shared.clock import utc_now\n")
    names = [name for name in imports_of(tree) if not is_allowed(name)]
    assert names == ["httpx", "shared.clock"]
