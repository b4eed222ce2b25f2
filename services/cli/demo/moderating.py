"""What moderators and the lead do: judge again, blind; settle what differs."""

from collections.abc import Mapping
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import criterion_words, full_feedback, levels_by
from services.cli.demo.stage import COHORT, Stage, until
from shared.vocabulary import CRITERIA, CriterionKey


def moderate(stage: Stage) -> str:
    """Let the moderators judge every drawn case; where they differ, a second does."""
    expected = len(stage.numbers)

    def all_drawn() -> bool:
        counts = stage.lead.get(f"/moderation/cohorts/{COHORT}/draws")
        return bool(counts["drawn"] >= expected)

    until(all_drawn, "every completed review to be drawn or not")
    moderators = [stage.player(person, "moderator") for person in cast.MODERATORS]
    judged: list[str] = []
    while sum(_moderate_next(stage, each, judged) for each in moderators):
        pass
    again = len(judged) - len(set(judged))
    return f"{len(set(judged))} cases judged again, blind; {again} of them by two"


def _moderate_next(stage: Stage, moderator: Client, judged: list[str]) -> bool:
    """Take and judge one case, if there is one for this moderator."""
    for item in moderator.get("/moderation/queue", limit=50)["items"]:
        if item["case_id"] not in stage.numbers:
            continue
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
        try:
            taken = moderator.post(f"{path}/take")
        except RefusedError:
            continue
        is_second = item["case_id"] in judged
        judge = cast.second_moderator_level if is_second else cast.moderator_level
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
            "rationale": " ".join(each["rationale"] for each in words.values()),
            "evidence": {key: each["evidence"] for key, each in words.items()},
        },
        headers={"Fencing-Token": str(token)},
    )


def lead_decides(stage: Stage) -> str:
    """Let the lead decide where two moderators differ from the reviewer."""
    upheld = overturned = 0
    for item in list(stage.lead.pages("/moderation/queue")):
        if item["case_id"] not in stage.numbers:
            continue
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}/decision"
        number = stage.numbers[item["case_id"]]
        if overturned > upheld:
            stage.lead.post(path, _uphold())
            upheld += 1
        else:
            stage.lead.post(path, _overturn(levels_by(cast.moderator_level, number)))
            overturned += 1
    return f"the lead overturned {overturned} and upheld {upheld}"


def _uphold() -> dict[str, Any]:
    reason = "The reviewer weighed the same evidence with better reasons."
    return {"decision": "uphold", "reason": reason}


def _overturn(levels: Mapping[CriterionKey, int]) -> dict[str, Any]:
    return {
        "decision": "overturn",
        "levels": levels,
        "reason": "Two moderators independently saw what the reviewer did not.",
        "feedback": full_feedback(levels),
        "other_work": "widened",
        "other_work_reason": "More of this reviewer's work is to be looked at.",
    }
