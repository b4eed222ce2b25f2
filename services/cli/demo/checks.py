"""What must hold when the demonstration is over, looked at from outside."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.cli.demo.found import Found
from services.cli.demo.late import check_conflicts, check_seeds
from services.cli.demo.proving import check_found
from services.cli.demo.reached import AWARDED, ENDS, FACTS, LETTERS
from services.cli.demo.stage import Stage, tells_a_decision
from services.cli.draws import verified
from services.cli.upkeep import examine

UNDECIDED = frozenset({"enrolled", "open", "submitted"})
"""States of a case whose portfolio nobody has judged."""
UNFINISHED = UNDECIDED | {"resubmission", "criteria_met"}
"""States in which something still has to happen before the whole life is over."""


def check_everything(
    stage: Stage, found: Found | None = None
) -> Iterator[dict[str, Any]]:
    """Yield each check: what it is, whether it holds, and what was found.

    *found* is what became of the large cohort, if it was played.
    """
    yield _cases_by_state(stage)
    if stage.is_whole and stage.day:
        yield from _whole_life(stage)
    if found is not None:
        yield from check_found(found)
    if stage.is_whole and stage.day:
        yield from check_seeds(stage)
        yield check_conflicts(stage)
    for cohort in stage.revealed:
        yield _draws_follow(stage, cohort)
    yield _letters_exactly_once(stage)
    yield from examine(stage.office)


def _cases_by_state(stage: Stage) -> dict[str, Any]:
    states = Counter(case["state"] for case in stage.played())
    wanted = ENDS if stage.is_whole else frozenset()
    pending = UNFINISHED if stage.is_whole else UNDECIDED
    is_complete = sum(states.values()) == len(stage.numbers)
    is_decided = not states.keys() & pending
    return {
        "check": "cases by state",
        "holds": is_complete and is_decided and (wanted <= states.keys() or not states),
        "found": _counts(states),
    }


def _whole_life(stage: Stage) -> Iterator[dict[str, Any]]:
    """Look for everything that the whole life of a case has to bring."""
    events = stage.office.pages("/operations/events", limit=500)
    happened = {event["type"] for event in events}
    yield _nothing_missing("kinds of facts", FACTS, happened)
    handed_over = {
        each["template"]
        for each in stage.office.pages("/notification/notices", limit=500)
        if each["state"] == "handed_over"
    }
    yield _nothing_missing("kinds of letters", LETTERS, handed_over)
    awarded = {
        f"{row['programme']} {row['template']}"
        for row in stage.played()
        if row["state"] == "awarded"
    }
    wanted = {f"{programme} {template}" for programme, template in AWARDED}
    yield _nothing_missing("programmes and templates", wanted, awarded)


def _nothing_missing(
    check: str, wanted: Iterable[str], found: Iterable[str]
) -> dict[str, Any]:
    missing = sorted({*wanted} - {*found})
    return {
        "check": check,
        "holds": not missing,
        "found": f"missing: {', '.join(missing)}"
        if missing
        else f"{len({*wanted})}, none missing",
    }


def _draws_follow(stage: Stage, cohort: str) -> dict[str, Any]:
    """Derive every draw of a cohort again, twice: see `attest sampling verify`."""
    verdict = verified(stage.office, cohort)
    count = len(verdict["findings"])
    return {
        "check": f"draws of {cohort} follow",
        "holds": verdict["holds"],
        "found": f"{count} do not: {verdict['findings'][0]}"
        if count
        else f"{verdict['draws']} draws, from the log and from the export",
    }


def _letters_exactly_once(stage: Stage) -> dict[str, Any]:
    letters = stage.settled_letters()
    told = Counter(each["case_id"] for each in letters if tells_a_decision(each))
    expected = {case["case_id"]: len(case["outcomes"]) for case in stage.played()}
    wrong = [
        f"{each['notice_id']} {each['state']}"
        for each in letters
        if each["state"] not in {"handed_over", "cancelled"}
    ]
    wrong += [
        f"{case} has {told[case]} decisions"
        for case in stage.numbers
        if told[case] != expected.get(case, 1)
    ]
    return {
        "check": "letters exactly once",
        "holds": not wrong,
        "found": ", ".join(wrong)
        or f"{len(letters)} letters, one for each of {told.total()} decisions",
    }


def _counts(states: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
