"""Who may import whom: the contracts in pyproject.toml hold."""

import subprocess
import sysconfig
from pathlib import Path

LINT_IMPORTS = Path(sysconfig.get_path("scripts"), "lint-imports")


def test_every_import_contract_is_kept() -> None:
    """In a process of its own: the linter switches off loggers of the one it is in."""
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache"]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
