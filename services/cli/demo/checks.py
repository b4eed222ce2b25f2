"""What must hold when the demonstration is over, looked at from outside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.demo.stage import COHORT, Stage
from services.cli.upkeep import examine


def check_everything(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield each check: what it is, whether it holds, and what was found."""
    yield _cases_by_state(stage)
    yield _letters_exactly_once(stage)
    yield from examine(stage.office)


def _cases_by_state(stage: Stage) -> dict[str, Any]:
    cases = stage.office.pages("/submission/cases", cohort=COHORT, limit=500)
    states = Counter(case["state"] for case in cases)
    expected = len(stage.numbers)
    return {
        "check": "cases by state",
        "holds": states["submitted"] == expected,
        "found": _counts(states),
    }


def _letters_exactly_once(stage: Stage) -> dict[str, Any]:
    letters = Counter(
        notice["case_id"]
        for notice in stage.office.pages("/notification/notices", limit=500)
        if notice["state"] == "handed_over"
    )
    mine = {case: letters[case] for case in stage.numbers}
    wrong = {case: count for case, count in mine.items() if count != 1}
    return {
        "check": "letters exactly once",
        "holds": not wrong,
        "found": wrong or f"{len(mine)} letters for {len(mine)} cases",
    }


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
