"""What moderators and the lead do: judge again, blind; settle what differs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import (
    Work,
    criterion_words,
    full_feedback,
    levels_by,
)
from services.cli.demo.reviewing import QUEUE, first_judgements, review_all
from services.cli.demo.stage import Stage, until
from shared.vocabulary import CRITERIA, CriterionKey


def moderate(stage: Stage) -> str:
    """Judge what was drawn, blind; where that differs, a second does, too.

    Where two moderators differ from the reviewer the lead decides. An overturn widens
    the sample of that reviewer's work, so it goes on until nothing is left to judge.
    Where nobody had to decide the lead has the feedback of one case put better.
    """
    work = first_judgements(stage)
    _wait_for_draws(stage, work)
    if stage.is_whole:
        _hand_back(stage)
    told = moderate_all(stage, work)
    amended = sum(_amend_feedback(stage, work, case) for case in work.cases)
    return f"{told}, {amended} amended" if amended else told


def moderate_all(stage: Stage, work: Work) -> str:
    """Judge whatever of *work* is moderated until nothing is left."""
    if work.is_sampled:
        _wait_for_draws(stage, work)
    moderators = [stage.player(person, "moderator") for person in cast.MODERATORS]
    judged: list[str] = []
    decisions: list[cast.LeadDecision] = []
    progress = True
    while progress:
        before = len(judged) + len(decisions)
        while sum(_moderate_next(stage, work, each, judged) for each in moderators):
            stage.catch_up("moderation")
        decisions += _lead_decides(stage, work)
        stage.catch_up("moderation")
        progress = len(judged) + len(decisions) > before
    return _told(work, judged, decisions)


def _hand_back(stage: Stage) -> None:
    """Let a moderator take a case, hold it longer, and give it back after all."""
    stage.catch_up("moderation")
    moderator = stage.player(cast.MODERATORS[-1], "moderator")
    item = moderator.get("/moderation/queue", limit=1)["items"][0]
    path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
    moderator.post(f"{path}/take")
    taken = moderator.post(f"{path}/take")
    held = {"Fencing-Token": str(taken["token"])}
    moderator.post(f"{path}/hand-back", headers=held)


def _told(
    work: Work, judged: Sequence[str], decisions: Sequence[cast.LeadDecision]
) -> str:
    again, twice = len(set(judged)), len(judged) - len(set(judged))
    told = f"{again} of {len(work.cases)} judged again, blind"
    if twice:
        told += f", {twice} by two"
    if decisions:
        past = {"overturn": "overturned", "uphold": "upheld", "return": "returned"}
        counted = Counter(past[each] for each in decisions)
        said = ", ".join(f"{count} {each}" for each, count in sorted(counted.items()))
        told += f"; the lead: {said}"
    return told


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
    for item in moderator.get("/moderation/queue", limit=QUEUE)["items"]:
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
        judge_blind(moderator, path, levels, taken["token"])
        judged.append(item["case_id"])
        return True
    return False


def judge_blind(
    moderator: Client, path: str, levels: Mapping[CriterionKey, int], token: str
) -> None:
    """Judge a case that this moderator has taken."""
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


def _lead_decides(stage: Stage, work: Work) -> list[cast.LeadDecision]:
    """Let the lead decide everything that is referred; return what was decided."""
    decisions: list[cast.LeadDecision] = []
    for item in list(stage.lead.pages("/moderation/queue")):
        if item["case_id"] not in work.cases:
            continue
        number = stage.numbers[item["case_id"]]
        decision = cast.lead_decision(number)
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
        words = _decision_words(decision, levels_by(work.moderator, number))
        stage.lead.post(f"{path}/decision", words)
        if decision == "return":
            _judge_returned(stage, work, item["case_id"], path)
        decisions.append(decision)
    return decisions


def _judge_returned(stage: Stage, work: Work, case_id: str, path: str) -> None:
    """Let the reviewer judge again, who now sees it as both moderators do."""
    again = replace(work, cases=(case_id,), reviewer=work.moderator, is_first=False)
    review_all(stage, again)
    until(
        lambda: stage.lead.get(path)["decision"] is not None,
        "the judgement that was returned to come back",
    )


def _amend_feedback(stage: Stage, work: Work, case_id: str) -> bool:
    """Put the feedback of a case better if that is its part; tell whether it was."""
    number = stage.numbers[case_id]
    if not cast.is_amended(number):
        return False
    words = {
        "decision": "amend",
        "reason": "The comment on sufficiency does not say what was convincing.",
        "feedback": full_feedback(levels_by(work.reviewer, number)),
    }
    stage.lead.post(f"/moderation/cases/{case_id}/1/decision", words)
    return True


def _decision_words(
    decision: cast.LeadDecision, levels: Mapping[CriterionKey, int]
) -> dict[str, Any]:
    match decision:
        case "uphold":
            return _uphold()
        case "overturn":
            return _overturn(levels)
        case "return":
            reason = "Say for each criterion which accounts of colleagues you weighed."
            other = "It is one portfolio among many that both moderators agree with."
            returning = {"other_work": "not_widened", "other_work_reason": other}
            return {"decision": "return", "reason": reason, "returning": returning}


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
