"""A conflict that comes to light late: before the release, and after it."""

from collections.abc import Mapping
from typing import Any

from services.cli.demo import cast
from services.cli.demo.appealing import judge_anew
from services.cli.demo.judging import levels_by
from services.cli.demo.reviewing import claim_and_judge, who_judged
from services.cli.demo.stage import Stage, until

SECTION = "critical-narrative"
"""Where something would have to change, if anything had to."""


def find_conflict(stage: Stage) -> str:
    """Let somebody remember whom they judged: another reviewer judges instead."""
    path, who = _declare(stage, cast.FOUND_LATE)
    other = next(each for each in cast.REVIEWERS if each != who)
    stage.office.post(f"{path}/allocation", {"reviewer_id": other})
    levels = levels_by(cast.reviewer_level, cast.FOUND_LATE)
    case_id = stage.case_of(cast.FOUND_LATE)
    renewed = len(stage.facts("moderation.JudgementRenewed", "moderation"))
    claim_and_judge(stage.player(other, "reviewer"), case_id, levels, SECTION)
    stage.wait_for_fact("moderation.JudgementRenewed", "moderation", count=renewed + 1)
    return (
        "a reviewer knows whom they judged, after all: the judgement is set aside,"
        " another reviewer judges, and the lead is told"
    )


def decide_conflict(stage: Stage) -> str:
    """Let somebody remember it after the release: the lead has it judged afresh."""
    path, _ = _declare(stage, cast.FOUND_AFTERWARDS)
    reason = "Nobody should have to trust a judgement that has been doubted."
    words = {"decision": "fresh_review", "reason": reason}
    stage.lead.post(f"{path}/conflict-decision", words)
    case_id = stage.case_of(cast.FOUND_AFTERWARDS)
    judge_anew(stage, [case_id], stage.library.levels(cast.met_level))
    return "another after the release: judged afresh by others, and confirmed"


def _declare(stage: Stage, number: int) -> tuple[str, str]:
    """Let who judged a case declare a conflict; return its review, and who it is."""
    case_id = stage.case_of(number)
    path = f"/review/reviews/{case_id}.1.1"
    reviewer, who = who_judged(stage, path)
    reviewer.post("/review/conflicts", {"kind": "case", "with_id": case_id})
    until(lambda: found_in(stage, case_id) is not None, "the conflict to come to light")
    return path, who


def found_in(stage: Stage, case_id: str) -> Mapping[str, Any] | None:
    """Return what the lead reads of a conflict in a case, if there is one."""
    rows = stage.lead.pages("/review/conflicts")
    return next((row for row in rows if row["case_id"] == case_id), None)
