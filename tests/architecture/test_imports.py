"""Who may import whom: the contracts in pyproject.toml hold."""

from importlinter import cli


def test_every_import_contract_is_kept() -> None:
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS
