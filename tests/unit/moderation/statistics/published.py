"""Published figures, and engines' figures, that the statistics must reproduce."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_FILE = Path(__file__).parents[3] / "data" / "statistics_checks.json"
CHECKS: dict[str, dict[str, Any]] = {
    check["name"]: check for check in json.loads(_FILE.read_text(encoding="utf-8"))
}


@dataclass(frozen=True)
class Check:
    """One entry: what goes in, what comes out, and how near it must come."""

    data: dict[str, Any]
    expected: dict[str, Any]
    tolerance: float

    def near(self, expected: Any) -> Any:
        """Return *expected* for a comparison within the tolerance."""
        return pytest.approx(expected, rel=0, abs=self.tolerance)


def check(name: str) -> Check:
    entry = CHECKS[name]
    return Check(entry["data"], entry["expected"], entry["tolerance"])
