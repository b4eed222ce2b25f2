"""What must hold when the demonstration is over, looked at from outside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.demo.stage import COHORT, Stage, tells_a_decision
from services.cli.upkeep import examine

UNDECIDED = Counter(dict.fromkeys(("enrolled", "open", "submitted"), 1))
"""States of a case whose portfolio nobody has judged."""


def check_everything(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield each check: what it is, whether it holds, and what was found."""
    yield _cases_by_state(stage)
    yield _letters_exactly_once(stage)
    yield from examine(stage.office)


def _cases_by_state(stage: Stage) -> dict[str, Any]:
    cases = stage.office.pages("/submission/cases", cohort=COHORT, limit=500)
    states = Counter(case["state"] for case in cases)
    return {
        "check": "cases by state",
        "holds": sum(states.values()) == len(stage.numbers) and not states & UNDECIDED,
        "found": _counts(states),
    }


def _letters_exactly_once(stage: Stage) -> dict[str, Any]:
    letters = stage.letters()
    decisions = Counter(each["case_id"] for each in letters if tells_a_decision(each))
    wrong = [
        f"{each['notice_id']} {each['state']}"
        for each in letters
        if each["state"] not in {"handed_over", "cancelled"}
    ]
    wrong += [
        f"{case} has {decisions[case]} decisions"
        for case in stage.numbers
        if decisions[case] != 1
    ]
    return {
        "check": "letters exactly once",
        "holds": not wrong,
        "found": ", ".join(wrong)
        or f"{len(letters)} letters, a decision for each case",
    }


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
