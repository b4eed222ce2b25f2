"""What reviewers do: claim from the queue, read, judge, write feedback."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import criterion_words, feedback_words, levels_by
from services.cli.demo.stage import COHORT, PATIENCE_SECONDS, Stage, StuckError
from shared.vocabulary import CRITERIA


def review(stage: Stage) -> str:
    """Let the reviewers work through their queues, all at once."""
    reviewers = [stage.player(person, "reviewer") for person in cast.REVIEWERS]
    expected, done = len(stage.numbers), 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ThreadPoolExecutor(len(reviewers)) as hands:
        while done < expected:
            if time.monotonic() > deadline:
                raise StuckError(f"only {done} of {expected} reviews are done")
            done += sum(hands.map(lambda each: _review_next(stage, each), reviewers))
    return f"{done} reviews completed by {len(reviewers)} reviewers"


def _review_next(stage: Stage, reviewer: Client) -> int:
    """Claim and judge one case, if there is one; somebody else may be faster."""
    for item in reviewer.get("/review/queue", limit=20)["items"]:
        if item["cohort_id"] != COHORT:
            continue
        try:
            claim = reviewer.post(f"/review/reviews/{item['review_id']}/claim")
        except RefusedError:
            continue
        _judge(stage, reviewer, item, claim["token"])
        return 1
    time.sleep(0.05)
    return 0


def _judge(stage: Stage, reviewer: Client, item: Mapping[str, Any], token: int) -> None:
    path = f"/review/reviews/{item['review_id']}"
    held = {"Fencing-Token": str(token)}
    portfolio = reviewer.get(f"{path}/portfolio")
    levels = levels_by(cast.reviewer_level, stage.numbers[item["case_id"]])
    for place, criterion in enumerate(CRITERIA):
        words = criterion_words(portfolio, levels[criterion], place)
        reviewer.post(f"{path}/criteria/{criterion}", words, headers=held)
    reviewer.post(f"{path}/feedback", feedback_words(levels), headers=held)
    reviewer.post(f"{path}/complete", {"borderline": False}, headers=held)
