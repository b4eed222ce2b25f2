"""What must hold of seeds, and of conflicts that came to light late."""

from collections.abc import Iterator
from typing import Any

from services.cli.demo import cast
from services.cli.demo.conflicting import found_in
from services.cli.demo.stage import Stage

LETTERS_OF_REVIEW = frozenset({"review-allocated", "review-overdue"})
"""To whoever judges a case, whatever it is."""


def check_seeds(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield what must hold of the seeds that were judged."""
    facts = stage.facts("moderation.SeedJudged", "draw")
    shown = {each["payload"]["case_id"]: each["payload"] for each in facts}
    given = stage.seeds.judged
    found = {case_id: each["in_tolerance"] for case_id, each in shown.items()}
    yield {
        "check": "seeds compared once",
        "holds": bool(given) and found == given and len(facts) == len(shown),
        "found": f"{len(shown)} seeds, {sum(found.values())} judged as their panel did",
    }
    known = {row["case_id"] for row in stage.office.pages("/submission/cases")}
    told = [
        f"{each['template']} about {each['case_id']}"
        for each in stage.office.pages("/notification/notices", limit=500)
        if each["case_id"] in given and each["template"] not in LETTERS_OF_REVIEW
    ]
    released = _cases_of(stage, "moderation.OutcomeReleased")
    out = sorted({*told, *(known & given.keys()), *(released & given.keys())})
    yield {
        "check": "seeds told to nobody",
        "holds": not out,
        "found": ", ".join(out) or "no outcome, no letter to a participant",
    }


def check_conflicts(stage: Stage) -> dict[str, Any]:
    """Return whether whoever had a conflict was replaced, and nobody else moved."""
    wrong, told = [], []
    for number, when in (
        (cast.FOUND_LATE, "judged"),
        (cast.FOUND_AFTERWARDS, "released"),
    ):
        case_id = stage.case_of(number)
        row = found_in(stage, case_id) or {}
        judges = _judges(stage, case_id) or ["nobody"]
        is_replaced = len(judges) > 1 and judges[0] not in judges[1:]
        is_found = (row.get("conflict_of"), row.get("conflict_when")) == (
            judges[0],
            when,
        )
        if not (is_found and is_replaced):
            wrong.append(f"{case_id}: {when}, judged by {', '.join(judges)}")
        told.append(f"{when}: {judges[-1]} instead of {judges[0]}")
    return {
        "check": "late conflicts settled",
        "holds": not wrong,
        "found": "; ".join(wrong or told),
    }


def _judges(stage: Stage, case_id: str) -> list[str]:
    """Return who completed the first attempt of a case, in order."""
    return [
        each["payload"]["reviewer_id"]
        for each in stage.facts("review.Completed", "review")
        if each["stream"].startswith(f"review-{case_id}.1.")
    ]


def _cases_of(stage: Stage, type_: str) -> set[str]:
    return {
        each["stream"].removeprefix("moderation-").rpartition(".")[0]
        for each in stage.facts(type_, "moderation")
    }
