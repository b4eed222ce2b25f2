"""What starts quickly loads no library that computes.

Start time and memory are measured; only commands, child processes and benchmarks load
numpy and scipy.
"""

import subprocess
import sys

from tests.architecture.tree import SERVICES

HEAVY = ("numpy", "scipy")
STARTED = ("services.cli", *(f"services.{name}.app" for name in SERVICES))


def heavy_after_importing(*modules: str) -> list[str]:
    """Return what else is loaded in a fresh process."""
    names = ", ".join(modules)
    code = f"import sys, {names}; print(*[n for n in {HEAVY} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_no_service_and_no_command_line_loads_numpy_when_it_starts() -> None:
    assert heavy_after_importing(*STARTED) == []


def test_notices_one_that_does() -> None:
    found = heavy_after_importing("services.moderation.simulation.measuring")
    assert found == ["numpy"]
