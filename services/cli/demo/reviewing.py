"""What reviewers do: claim from the queue, read, judge, write feedback."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import Work, criterion_words, feedback_words, levels_by
from services.cli.demo.stage import COHORT, PATIENCE_SECONDS, Stage, StuckError
from shared.vocabulary import CRITERIA, CriterionKey


def review(stage: Stage) -> str:
    """Let the reviewers work through their queues, all at once."""
    return review_all(stage, first_judgements(stage))


def declare_conflict(stage: Stage) -> str:
    """Let a reviewer say whom they may not judge."""
    case_id = next(
        case for case, number in stage.numbers.items() if number == cast.KNOWN
    )
    reviewer = stage.player(cast.REVIEWERS[-1], "reviewer")
    reviewer.post("/review/conflicts", {"kind": "case", "with_id": case_id})
    try:
        reviewer.post(f"/review/reviews/{case_id}.1.1/claim")
    except RefusedError as refused:
        return f"a conflict declared, and the claim refused: {refused}"
    message = "somebody could claim what they declared a conflict about"
    raise StuckError(message)


def first_judgements(stage: Stage) -> Work:
    """Return the cohort, as it was handed in at first."""
    return Work(
        cohort=COHORT,
        cases=tuple(
            case
            for case, number in stage.numbers.items()
            if number < stage.participants
        ),
        reviewer=cast.reviewer_level,
        moderator=cast.moderator_level,
        second_moderator=cast.second_moderator_level,
    )


def review_all(stage: Stage, work: Work) -> str:
    """Let the reviewers judge *work*, each once."""
    reviewers = [stage.player(person, "reviewer") for person in cast.REVIEWERS]
    expected, done = len(work.cases), 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ThreadPoolExecutor(len(reviewers)) as hands:
        while done < expected:
            if time.monotonic() > deadline:
                raise StuckError(f"only {done} of {expected} reviews are done")
            done += sum(
                hands.map(lambda each: _review_next(stage, work, each), reviewers)
            )
    return f"{done} reviews completed by {len(reviewers)} reviewers"


def _review_next(stage: Stage, work: Work, reviewer: Client) -> int:
    """Claim and judge one case, if there is one; somebody else may be faster."""
    for item in reviewer.get("/review/queue", limit=20)["items"]:
        if item["case_id"] not in work.cases:
            continue
        try:
            claim = reviewer.post(f"/review/reviews/{item['review_id']}/claim")
        except RefusedError:
            continue
        levels = levels_by(work.reviewer, stage.numbers[item["case_id"]])
        _judge(reviewer, item["review_id"], levels, claim["token"])
        return 1
    time.sleep(0.05)
    return 0


def _judge(
    reviewer: Client, review_id: str, levels: Mapping[CriterionKey, int], token: int
) -> None:
    path = f"/review/reviews/{review_id}"
    held = {"Fencing-Token": str(token)}
    portfolio = reviewer.get(f"{path}/portfolio")
    for place, criterion in enumerate(CRITERIA):
        words = criterion_words(portfolio, levels[criterion], place)
        reviewer.post(f"{path}/criteria/{criterion}", words, headers=held)
    reviewer.post(f"{path}/feedback", feedback_words(levels), headers=held)
    reviewer.post(f"{path}/complete", {"borderline": False}, headers=held)
