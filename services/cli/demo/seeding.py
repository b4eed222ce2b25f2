"""Seeds: three released portfolios with definitive marks, among reviewers' work.

Invariant: who judges a seed reads it as any other portfolio; what it is worth is found
by what it says, as nothing else of it names where it comes from.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import levels_by
from services.cli.demo.reviewing import QUEUE, claim_and_judge
from services.cli.demo.stage import COHORT, NEXT_COHORT, Stage, StuckError, until

POOL = "/moderation/seeds/ATS"
EVERY_TIME = {"rate_ppm": 1_000_000}
"""A seed after each judgement: of a few judgements fewer would bring none."""
PERMISSION = "Its author agreed in writing to its use among reviewers."
SECTION = "critical-narrative"
"""Where something has to change, if anything has to."""
FURTHER_OFF = 2
"""The level on one criterion by which one reviewer misses what a seed is worth."""


def make_seeds(stage: Stage) -> str:
    """Have a panel of three judge three released portfolios anew, each alone."""
    for number in cast.SEEDS:
        _make(stage, number)
    told = _refusal(stage, cast.SEEDS[0])
    return (
        f"{len(cast.SEEDS)} of the first cohort; one a second time is refused: {told}"
    )


def judge_seeds(stage: Stage) -> str:
    """Judge what came among the work of those who judged; all but one as the panel."""
    placed = stage.facts("moderation.SeedPlaced", "draw")
    for fact in placed:
        person = fact["stream"].rpartition(".")[2]
        _judge(stage, person, fact["payload"]["case_id"])
    _take_back(stage, placed[0])
    stage.pass_recalls()
    stage.wait_for_fact("moderation.SeedJudged", "draw", count=len(placed))
    seed_id = next(iter(stage.seeds.worth))
    reason = {"reason": "Reviewers have begun to speak of it."}
    stage.lead.post(f"{POOL}/{seed_id}/retirement", reason)
    off = sum(not each for each in stage.seeds.judged.values())
    return (
        f"{len(placed)} judged by reviewers who could not know, {off} beside its marks;"
        " one taken back and judged again; one seed is retired"
    )


def _make(stage: Stage, number: int) -> None:
    case_id = stage.case_of(number)
    panel = _panel(stage, case_id)
    words = {"case_id": case_id, "panel": panel, "permission": PERMISSION}
    seed_id = stage.lead.post(POOL, words)["seed_id"]
    levels = levels_by(cast.met_level, number)
    rationale = dict.fromkeys(levels, "The evidence carries exactly this level.")
    for person in panel:
        member = stage.player(person, "moderator")
        portfolio = member.get(f"{POOL}/{seed_id}/portfolio")
        marks = {"levels": levels, "rationale": rationale}
        member.post(f"{POOL}/{seed_id}/marks", marks)
    stage.seeds.sources[_words_of(portfolio)] = seed_id
    stage.seeds.worth[seed_id] = levels


def _panel(stage: Stage, case_id: str) -> list[str]:
    """Return three moderators with no part in the case."""
    judged = stage.office.get(f"/moderation/cases/{case_id}/1")["moderators"]
    return [each for each in cast.MODERATORS if each not in judged][:3]


def _refusal(stage: Stage, number: int) -> str:
    case_id = stage.case_of(number)
    panel = _panel(stage, case_id)[::-1]
    words = {"case_id": case_id, "panel": panel, "permission": PERMISSION}
    try:
        stage.lead.post(POOL, words)
    except RefusedError as refused:
        return str(refused)
    message = "a portfolio became a seed twice"
    raise StuckError(message)


def _judge(stage: Stage, person: str, case_id: str) -> None:
    """Let a reviewer judge what waits for them; the first of all misses its worth."""
    reviewer = stage.player(person, "reviewer")
    until(lambda: case_id in _queue(reviewer), "a seed among a reviewer's work")
    reviewer.post(f"/review/reviews/{case_id}.1.1/claim")
    portfolio = reviewer.get(f"/review/reviews/{case_id}.1.1/portfolio")
    worth = stage.seeds.worth[stage.seeds.sources[_words_of(portfolio)]]
    is_off = not stage.seeds.judged
    levels = {**worth, "sufficiency": FURTHER_OFF} if is_off else worth
    claim_and_judge(reviewer, case_id, levels, _section_of(portfolio))
    stage.seeds.judged[case_id] = not is_off


def _queue(reviewer: Client) -> set[str]:
    items = reviewer.get("/review/queue", limit=QUEUE)["items"]
    return {item["case_id"] for item in items if item["cohort_id"] == NEXT_COHORT}


def _take_back(stage: Stage, fact: Mapping[str, Any]) -> None:
    """Let who judged a seed take the judgement back, and give it once more."""
    reviewer = stage.player(fact["stream"].rpartition(".")[2], "reviewer")
    path = f"/review/reviews/{fact['payload']['case_id']}.1.1"
    token = reviewer.post(f"{path}/recall", {"reason": "One page too few."})["token"]
    held = {"Fencing-Token": str(token)}
    reviewer.post(f"{path}/complete", {"borderline": False}, headers=held)
    stage.wait_for_fact("moderation.SeedTakenBack", "seed")


def _words_of(portfolio: Mapping[str, Any]) -> str:
    return json.dumps(portfolio["sections"], sort_keys=True)


def _section_of(portfolio: Mapping[str, Any]) -> str:
    keys = [section["key"] for section in portfolio["sections"]]
    return SECTION if SECTION in keys else str(keys[-1])


def rules_with_seeds(stage: Stage) -> dict[str, Any]:
    """Return the rules of the first cohort, and a seed after each judgement."""
    usual = stage.lead.get(f"/moderation/plans/{COHORT}")["plan"]["rules"]
    return {**usual, "seeds": EVERY_TIME}
