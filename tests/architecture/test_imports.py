"""Who may import whom: the contracts in pyproject.toml hold, and each of them can fail.

A copy of the sources is linted in which every contract is broken on purpose, so that a
contract that watches nothing, because a name changed or was forgotten, is found.
Source: house-style.md, "When a guard is added, break it once on purpose".
"""

import re
import shutil
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LINT_IMPORTS = Path(sysconfig.get_path("scripts"), "lint-imports")
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
        "importlinter"
    ]["contracts"]
}

BREAKS: dict[str, tuple[tuple[str, str], ...]] = {
    "services-independent": (("services.viva.outgoing", "services.appeals.outgoing"),),
    "operations-reads-folds": (
        ("services.operations.handlers", "services.review.domain.decide"),
        ("services.operations.wording", "services.moderation.read_models"),
    ),
    "nobody-imports-operations": (
        ("services.review.outgoing", "services.operations.handlers"),
        ("services.notification.outgoing", "services.cli.output"),
    ),
    "shared-below-services": (("shared.clock", "services.review.domain.events"),),
    "service-layers": (
        ("services.review.domain.claims", "services.review.read_models"),
        ("services.notification.letters.plain", "services.notification.handlers"),
        ("services.appeals.outgoing", "services.appeals.consumers"),
    ),
    "domain-layers": (
        ("services.review.domain.evolve", "services.review.domain.decide"),
        (
            "services.submission.domain.cohort.events",
            "services.submission.domain.cohort.evolve",
        ),
        ("services.moderation.domain.events", "services.moderation.domain.commands"),
    ),
    "settings-at-the-edge": (("services.viva.outgoing", "services.viva.settings"),),
    "sql-where-sql-is": (
        ("services.submission.outgoing", "asyncpg"),
        ("shared.handling", "asyncpg"),
    ),
    "shared-layers": (
        ("shared.errors", "shared.clock"),
        ("shared.crypto.vault", "shared.database"),
        ("shared.messaging.contracts", "shared.web"),
    ),
}
"""For each contract, imports it forbids: who, and what."""


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the linter switches off loggers of the one it is in."""
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_import_contract_is_kept() -> None:
    kept = linted(ROOT)
    assert kept.returncode == 0, kept.stdout + kept.stderr


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each contract, by its name, where all of them are broken."""
    copy = tmp_path_factory.mktemp("broken")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("services", "shared"):
        ignored = shutil.ignore_patterns("__pycache__", "*.sql", "templates")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    for breaks in BREAKS.values():
        for importer, imported in breaks:
            path = copy / importer.replace(".", "/")
            path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            assert path.exists(), f"{importer} is no module: name another in BREAKS"
            path.write_text(f"{path.read_text()}\n\nimport {imported}\n")
    (copy / "services" / "review" / "stray.py").touch()
    (copy / "shared" / "stray.py").touch()
    broken = linted(copy)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    _, _, details = broken.stdout.partition("Broken contracts")
    heading = re.compile(r"^(.+)\n-+\n", re.MULTILINE)
    _, *parts = heading.split(details)
    said = (" ".join(part.split()) for part in parts[1::2])
    return dict(zip(parts[::2], said, strict=True))


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_broken_import_contract_is_noticed(
    contract: str, complaints: dict[str, str]
) -> None:
    complaint = complaints[CONTRACTS[contract]["name"]]
    for importer, imported in BREAKS[contract]:
        line = rf"{re.escape(importer)} -> {re.escape(imported)}\b"
        assert re.search(line, complaint), (importer, imported)


@pytest.mark.parametrize("contract", ["service-layers", "shared-layers"])
def test_a_module_that_belongs_to_no_layer_is_noticed(
    contract: str, complaints: dict[str, str]
) -> None:
    assert "stray" in complaints[CONTRACTS[contract]["name"]]


def test_the_layers_of_a_domain_hold_in_every_domain() -> None:
    folders = {path.parent for path in ROOT.glob("services/*/domain/**/decide.py")}
    domains = {".".join(each.relative_to(ROOT).parts) for each in folders}
    assert domains == set(CONTRACTS["domain-layers"]["containers"])


def test_every_service_is_under_the_contracts_of_services() -> None:
    services = {
        f"services.{path.parent.name}" for path in ROOT.glob("services/*/app.py")
    }
    assert set(CONTRACTS["service-layers"]["containers"]) == services
    others = services - {"services.operations"}
    for contract, key in (
        ("services-independent", "modules"),
        ("operations-reads-folds", "forbidden_modules"),
        ("nobody-imports-operations", "source_modules"),
    ):
        assert set(CONTRACTS[contract][key]) == others, contract
