"""What moderators and the lead do: judge again, blind; settle what differs."""

from collections.abc import Mapping
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import (
    Work,
    criterion_words,
    full_feedback,
    levels_by,
)
from services.cli.demo.reviewing import first_judgements
from services.cli.demo.stage import Stage, until
from shared.vocabulary import CRITERIA, CriterionKey


def moderate(stage: Stage) -> str:
    """Judge what was drawn, blind; where that differs, a second does, too.

    Where two moderators differ from the reviewer the lead decides. An overturn widens
    the sample of that reviewer's work, so it goes on until nothing is left to judge.
    """
    return moderate_all(stage, first_judgements(stage))


def moderate_all(stage: Stage, work: Work) -> str:
    """Judge whatever of *work* is moderated until nothing is left."""
    if work.is_sampled:
        _wait_for_draws(stage, work)
    moderators = [stage.player(person, "moderator") for person in cast.MODERATORS]
    judged: list[str] = []
    decisions: list[str] = []
    progress = True
    while progress:
        before = len(judged) + len(decisions)
        while sum(_moderate_next(stage, work, each, judged) for each in moderators):
            stage.catch_up("moderation")
        decisions += _lead_decides(stage, work, len(decisions))
        stage.catch_up("moderation")
        progress = len(judged) + len(decisions) > before
    again = len(judged) - len(set(judged))
    return (
        f"{len(set(judged))} of {len(work.cases)} cases judged again, blind; "
        f"{again} of them by two; the lead overturned "
        f"{decisions.count('overturn')} and upheld {decisions.count('uphold')}"
    )


def _wait_for_draws(stage: Stage, work: Work) -> None:
    expected = work.judged_before + len(work.cases)

    def all_drawn() -> bool:
        counts = stage.lead.get(f"/moderation/cohorts/{work.cohort}/draws")
        return bool(counts["judgements"] - counts["waiting"] >= expected)

    until(all_drawn, "every completed review to be drawn or not")


def _moderate_next(
    stage: Stage, work: Work, moderator: Client, judged: list[str]
) -> bool:
    """Take and judge one case, if there is one for this moderator."""
    for item in moderator.get("/moderation/queue", limit=50)["items"]:
        if item["case_id"] not in work.cases:
            continue
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
        try:
            taken = moderator.post(f"{path}/take")
        except RefusedError:
            continue
        is_second = item["case_id"] in judged
        judge = work.second_moderator if is_second else work.moderator
        levels = levels_by(judge, stage.numbers[item["case_id"]])
        _judge(moderator, path, levels, taken["token"])
        judged.append(item["case_id"])
        return True
    return False


def _judge(
    moderator: Client, path: str, levels: Mapping[CriterionKey, int], token: str
) -> None:
    portfolio = moderator.get(f"{path}/portfolio")
    words = {
        criterion: criterion_words(portfolio, levels[criterion], place)
        for place, criterion in enumerate(CRITERIA)
    }
    moderator.post(
        f"{path}/judgement",
        {
            "levels": levels,
            "rationale": {key: each["rationale"] for key, each in words.items()},
            "evidence": {key: each["evidence"] for key, each in words.items()},
        },
        headers={"Fencing-Token": str(token)},
    )


def _lead_decides(stage: Stage, work: Work, decided_before: int) -> list[str]:
    """Let the lead decide what is referred, overturning and upholding in turn."""
    decisions: list[str] = []
    for item in list(stage.lead.pages("/moderation/queue")):
        if item["case_id"] not in work.cases:
            continue
        number = stage.numbers[item["case_id"]]
        is_overturn = (decided_before + len(decisions)) % 2 == 0
        words = (
            _overturn(levels_by(work.moderator, number)) if is_overturn else _uphold()
        )
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}/decision"
        stage.lead.post(path, words)
        decisions.append(str(words["decision"]))
    return decisions


def _uphold() -> dict[str, Any]:
    reason = "The reviewer weighed the same evidence with better reasons."
    return {"decision": "uphold", "reason": reason}


def _overturn(levels: Mapping[CriterionKey, int]) -> dict[str, Any]:
    return {
        "decision": "overturn",
        "reason": "Two moderators independently saw what the reviewer did not.",
        "overturning": {
            "feedback": full_feedback(levels),
            "other_work": "widened",
            "other_work_reason": "More of this reviewer's work is to be looked at.",
        },
    }
