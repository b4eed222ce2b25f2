"""Review and moderation of the large cohort, side by side, so that draws can adapt.

Invariant: what is moderated, raises an alarm or is held follows from the services'
answers; here is only what reviewers and moderators do.
"""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.cli.client import RefusedError
from services.cli.demo import cast
from services.cli.demo.bench import Bench
from services.cli.demo.judging import full_feedback
from services.cli.demo.marking import JUDGES, Judge, blind_level
from services.cli.demo.moderating import judge_blind
from services.cli.demo.reviewing import QUEUE, claim_and_judge
from services.cli.demo.stage import LARGE_COHORT, Stage, until
from shared.vocabulary import CRITERIA

PACE = 2
"""So many each reviewer judges while what they judged before is moderated."""
SECTION = "performance-criteria"
"""Of the form, where something has to change."""
COHORT_PATH = f"/moderation/cohorts/{LARGE_COHORT}"


def judge_in_step(stage: Stage, bench: Bench) -> int:
    """Judge everything, moderating meanwhile; return in how many rounds.

    Moderators work on what was judged a round before. Who is paused judges nothing
    more, and moderators leave their work until all others' is done.
    """
    rounds = 0
    while not bench.is_done:
        before = bench.unpaused
        _judge_round(stage, bench)
        _moderate_round(stage, bench, before)
        rounds += 1
    _moderate_round(stage, bench, bench.unpaused)
    return rounds


def moderate_only(stage: Stage, cases: Collection[str]) -> int:
    """Judge blind what was drawn of *cases*, and decide it; return how many were."""
    total = 0
    while True:
        done, decided = _moderate_once(stage, cases)
        if not done + decided:
            return total
        total += done


def _moderate_round(stage: Stage, bench: Bench, cases: set[str]) -> None:
    """Moderate *cases*, but leave those of whoever is paused meanwhile."""
    while any(_moderate_once(stage, cases & bench.unpaused)):
        _look_for_pauses(stage, bench)


def _moderate_once(stage: Stage, cases: Collection[str]) -> tuple[int, int]:
    """Judge blind what waits of *cases* by now; return how many, and how many decided.

    What a result has drawn in addition waits for the next time: its reviewer may be
    paused by then.
    """
    stage.catch_up("moderation")
    with ThreadPoolExecutor(len(cast.PACED_MODERATORS)) as hands:
        done = sum(
            hands.map(lambda who: _work_off(stage, who, cases), cast.PACED_MODERATORS)
        )
    stage.catch_up("moderation")
    return done, _decide_referred(stage, cases)


def _judge_round(stage: Stage, bench: Bench) -> None:
    at_work = [judge for judge in JUDGES if bench.shares[judge.person_id]]
    with ThreadPoolExecutor(len(at_work)) as hands:
        list(hands.map(lambda judge: _judge_some(stage, bench, judge), at_work))
    expected = sum(len(cases) for cases in bench.judged.values())

    def all_drawn() -> bool:
        counts = stage.lead.get(f"{COHORT_PATH}/draws")
        return bool(counts["judgements"] - counts["waiting"] >= expected)

    until(all_drawn, "what was judged to be drawn or not")


def _judge_some(stage: Stage, bench: Bench, judge: Judge) -> None:
    share, judged = bench.shares[judge.person_id], bench.judged[judge.person_id]
    reviewer = stage.player(judge.person_id, "reviewer")
    for case_id in [share.popleft() for _ in range(min(PACE, len(share)))]:
        number, place = stage.numbers[case_id], len(judged) + 1
        levels = {key: judge.level(number, key, place=place) for key in CRITERIA}
        claim_and_judge(reviewer, case_id, levels, SECTION)
        judged.append(case_id)


def _look_for_pauses(stage: Stage, bench: Bench) -> None:
    standings = stage.lead.get(f"{COHORT_PATH}/standings")["standings"]
    new = [
        each["person_id"]
        for each in standings
        if each["standing"] == "paused" and each["person_id"] not in bench.paused
    ]
    if not new:
        return
    held = held_by(stage)
    for person_id in new:
        bench.paused[person_id] = len(held.get(person_id, ()))
    for person_id in new:
        bench.pass_on(person_id)


def held_by(stage: Stage) -> dict[str, list[str]]:
    """Return the cases that no release takes along, by who judged them."""
    held: dict[str, list[str]] = {}
    for each in stage.lead.get(f"{COHORT_PATH}/held")["held"]:
        held.setdefault(each["reviewer_id"], []).append(each["case_id"])
    return held


def _work_off(stage: Stage, who: str, cases: Collection[str]) -> int:
    """Judge what waits of *cases* for this moderator by now; return how many."""
    place, done = cast.PACED_MODERATORS.index(who), 0
    waiting = {item["case_id"] for item in _queue(stage, who)} & {*cases}
    while True:
        items = [item for item in _queue(stage, who) if item["case_id"] in waiting]
        first = place % len(items) if items else 0
        if not _judge_one(stage, who, [*items[first:], *items[:first]]):
            return done
        done += 1


def _queue(stage: Stage, who: str) -> list[dict[str, Any]]:
    moderator = stage.player(who, "moderator")
    items: list[dict[str, Any]] = moderator.get("/moderation/queue", limit=QUEUE)[
        "items"
    ]
    return items


def _judge_one(stage: Stage, who: str, items: Iterable[Mapping[str, Any]]) -> bool:
    """Judge the first that no other moderator has taken; tell whether there was one."""
    moderator = stage.player(who, "moderator")
    for item in items:
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
        try:
            taken = moderator.post(f"{path}/take")
        except RefusedError:
            continue
        number = stage.numbers[item["case_id"]]
        levels = {key: blind_level(who, number, key) for key in CRITERIA}
        judge_blind(moderator, path, levels, taken["token"])
        return True
    return False


def _decide_referred(stage: Stage, cases: Collection[str]) -> int:
    """Let the lead decide what two moderators saw otherwise; return how many."""
    items = list(stage.lead.pages("/moderation/queue"))
    referred = [item for item in items if item["case_id"] in cases]
    for item in referred:
        path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
        stage.lead.post(f"{path}/decision", _decision(stage.lead.get(path)))
    return len(referred)


def _decision(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the lead says: with the moderators, if most of them see the same."""
    marks = case["moderators"].values()
    others = [each for each in marks if each["outcome"] != case["reviewer"]["outcome"]]
    if 2 * len(others) <= len(marks):
        reason = "The evidence that the reviewer cites carries the outcome."
        return {"decision": "uphold", "reason": reason}
    return {
        "decision": "overturn",
        "reason": "Two moderators independently saw what the reviewer did not.",
        "overturning": {
            "feedback": full_feedback(others[0]["levels"], section=SECTION),
            "other_work": "not_widened",
            "other_work_reason": "The charts say how much more of it is drawn.",
        },
    }
