"""What reviewers do: claim from the queue, read, judge, write feedback."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.judging import Work, criterion_words, levels_by
from services.cli.demo.stage import COHORT, PATIENCE_SECONDS, Stage, StuckError, until
from services.cli.demo.written import written_criterion, written_feedback
from shared.vocabulary import CRITERIA, CriterionKey

QUEUE = 200
"""Reviews of a queue that a reviewer looks at: those of every cohort."""


def review(stage: Stage) -> str:
    """Let the reviewers work through their queues; one judgement is taken back."""
    work = first_judgements(stage)
    told = review_all(stage, work)
    _take_back(stage, work)
    return f"{told}, one taken back and judged again"


def _take_back(stage: Stage, work: Work) -> None:
    """Let a reviewer take back what they completed, and complete it again."""
    case_id = list(work.cases)[-1]
    path = f"/review/reviews/{case_id}.1.1"
    reviewer, _ = who_judged(stage, path)
    judged = reviewer.get(path)
    recalled = reviewer.post(f"{path}/recall", {"reason": "I read one page too few."})
    held = {"Fencing-Token": str(recalled["token"])}
    completion = {"borderline": judged["borderline"]}
    reviewer.post(f"{path}/complete", completion, headers=held)
    stage.wait_for_fact("moderation.JudgementRenewed", "moderation")


def who_judged(stage: Stage, path: str) -> tuple[Client, str]:
    """Return whoever completed a review, signed in, and who that is.

    Others may see it too: somebody from whom it was taken before.
    """
    for person in cast.REVIEWERS:
        reviewer = stage.player(person, "reviewer")
        with suppress(RefusedError):
            if "recallable_until" in reviewer.get(path):
                return reviewer, person
    message = "nobody has completed the review that is looked for"
    raise StuckError(message)


def declare_conflict(stage: Stage) -> str:
    """Let a reviewer say whom they may not judge, another give a review back."""
    known = stage.case_of(cast.KNOWN)
    reviewer = stage.player(cast.REVIEWERS[-1], "reviewer")
    reviewer.post("/review/conflicts", {"kind": "case", "with_id": known})
    try:
        reviewer.post(f"/review/reviews/{known}.1.1/claim")
    except RefusedError as refused:
        _give_back(stage, stage.case_of(cast.GIVEN_BACK))
        _allow(stage, known, cast.REVIEWERS[-1])
        return f"the claim is refused: {refused} Then the lead allows it"
    message = "somebody could claim what they declared a conflict about"
    raise StuckError(message)


def _allow(stage: Stage, case_id: str, reviewer_id: str) -> None:
    """Let the lead say that the reviewer may judge all the same."""
    words = {"reviewer_id": reviewer_id, "reason": "They met once, ten years ago."}
    stage.lead.post(f"/review/reviews/{case_id}.1.1/conflict-override", words)


def _give_back(stage: Stage, case_id: str) -> None:
    reviewer, token = claim(stage, f"{case_id}.1.1")
    path = f"/review/reviews/{case_id}.1.1/release"
    reviewer.post(path, headers={"Fencing-Token": str(token)})


def claim(stage: Stage, review_id: str) -> tuple[Client, int]:
    """Let somebody claim a review once they may; return who does, and the token."""
    reviewers = [stage.player(person, "reviewer") for person in cast.REVIEWERS[:2]]
    able: list[Client] = []

    def is_listed() -> bool:
        able[:] = [
            each
            for each in reviewers
            for item in each.pages("/review/queue", limit=200)
            if item["review_id"] == review_id
        ]
        return bool(able)

    until(is_listed, "a review to be free")
    return able[0], int(able[0].post(f"/review/reviews/{review_id}/claim")["token"])


def first_judgements(stage: Stage) -> Work:
    """Return the cohort, as it was handed in at first."""
    return Work(
        cohort=COHORT,
        cases=tuple(
            case
            for case, number in stage.numbers.items()
            if number < stage.participants
        ),
        reviewer=stage.library.levels(cast.reviewer_level),
        moderator=stage.library.levels(cast.moderator_level),
        second_moderator=stage.library.levels(cast.second_moderator_level),
        is_first=True,
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
    return f"{done} judged by {len(reviewers)} reviewers"


def _review_next(stage: Stage, work: Work, reviewer: Client) -> int:
    """Claim and judge one case, if there is one; somebody else may be faster."""
    for item in reviewer.get("/review/queue", limit=QUEUE)["items"]:
        if item["case_id"] not in work.cases:
            continue
        try:
            claim = reviewer.post(f"/review/reviews/{item['review_id']}/claim")
        except RefusedError:
            continue
        words = _words_for(stage, work, item["case_id"])
        _judge(reviewer, item["review_id"], words, claim["token"])
        return 1
    time.sleep(0.05)
    return 0


@dataclass(frozen=True, slots=True)
class _Words:
    """What a reviewer writes about a portfolio."""

    criterion: Callable[[Mapping[str, Any], CriterionKey], dict[str, Any]]
    """Given the portfolio and the criterion."""
    feedback: dict[str, Any] | None
    """None: as it is proposed."""
    is_borderline: bool = False


def _words_for(stage: Stage, work: Work, case_id: str) -> _Words:
    number = stage.numbers[case_id]
    written = stage.library.judgement(number) if work.is_first else None
    if written is not None:
        return _Words(
            lambda portfolio, key: written_criterion(portfolio, written, key),
            written_feedback(written),
            is_borderline=written.borderline,
        )
    return _words_of(levels_by(work.reviewer, number))


def _words_of(levels: Mapping[CriterionKey, int], section: str | None = None) -> _Words:
    return _Words(
        lambda portfolio, key: criterion_words(
            portfolio, levels[key], CRITERIA.index(key), section=section
        ),
        None,
    )


def claim_and_judge(
    reviewer: Client, case_id: str, levels: Mapping[CriterionKey, int], section: str
) -> None:
    """Claim the first review of a case, and give these levels.

    *section* is where something has to change, if anything has to.
    """
    review_id = f"{case_id}.1.1"
    token = reviewer.post(f"/review/reviews/{review_id}/claim")["token"]
    _judge(reviewer, review_id, _words_of(levels, section), token)


def _proposed(reviewer: Client, path: str) -> dict[str, Any]:
    """Return feedback as it is proposed; a reviewer would edit it."""
    proposal = reviewer.get(f"{path}/feedback/proposal")
    return {"overall": proposal["overall"], "comments": proposal["comments"]}


def _judge(reviewer: Client, review_id: str, words: _Words, token: int) -> None:
    path = f"/review/reviews/{review_id}"
    held = {"Fencing-Token": str(token)}
    portfolio = reviewer.get(f"{path}/portfolio")
    for criterion in CRITERIA:
        body = words.criterion(portfolio, criterion)
        reviewer.post(f"{path}/criteria/{criterion}", body, headers=held)
    feedback = words.feedback or _proposed(reviewer, path)
    reviewer.post(f"{path}/feedback", feedback, headers=held)
    completion = {"borderline": words.is_borderline}
    reviewer.post(f"{path}/complete", completion, headers=held)
