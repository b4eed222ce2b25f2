"""Every published figure is reproduced by a test."""

import re
from pathlib import Path

from tests.unit.moderation.statistics.published import CHECKS

HERE = Path(__file__).parent


def test_no_published_figure_is_left_unchecked() -> None:
    sources = (path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    named = set(re.findall(r'"([a-z0-9_/]+)"', " ".join(sources), re.IGNORECASE))
    by_family = {name for name in CHECKS if name.startswith("2rater/")}
    assert CHECKS.keys() - named - by_family == set()
