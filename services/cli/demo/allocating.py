"""What the office does before reviewers begin: it gives each of them a share."""

from collections.abc import Mapping
from typing import Any

from services.cli.demo import cast
from services.cli.demo.stage import COHORT, Stage, StuckError, until


def allocate(stage: Stage) -> str:
    """Give every review of the cohort to somebody, and take one back."""
    caps = {"at_most": stage.participants}
    path = f"/review/cohorts/{COHORT}/allocations"
    seen: dict[str, Any] = {}

    def is_complete() -> bool:
        stage.catch_up("review")
        seen.update(stage.office.post(f"{path}/preview", caps))
        return len(seen["given"]) == stage.participants

    until(is_complete, "every review to have somebody who may judge it")
    done = stage.office.post(path, {**caps, "based_on": seen["based_on"]})
    if done["refused"]:
        message = f"reviews were not allocated as previewed: {done['refusals']}"
        raise StuckError(message)
    taken_back = f"{stage.case_of(cast.GIVEN_BACK)}.1.1"
    stage.office.post(f"/review/reviews/{taken_back}/allocation/withdrawal")
    others = [each for each in seen["given"] if each["review_id"] != taken_back]
    _change_hands(stage, *others[:2])
    gets = [share["gets"] for share in seen["shares"] if share["gets"]]
    return (
        f"{done['allocated']} reviews to {len(gets)} reviewers, {min(gets)} to"
        f" {max(gets)} each; one is anybody's again, two change hands"
    )


def _change_hands(
    stage: Stage, handed: Mapping[str, str], taken: Mapping[str, str]
) -> None:
    """Let a reviewer hand one review over, and the lead take another from its own."""
    reviewer = stage.player(handed["reviewer_id"], "reviewer")
    path = f"/review/reviews/{handed['review_id']}"
    token = reviewer.post(f"{path}/claim")["token"]
    to = _somebody_else(handed["reviewer_id"])
    body = {"reviewer_id": to, "reason": "I am away for two weeks from tomorrow."}
    reviewer.post(f"{path}/hand-over", body, headers={"Fencing-Token": str(token)})
    body = {
        "reviewer_id": _somebody_else(taken["reviewer_id"]),
        "reason": "Its reviewer has fallen ill.",
    }
    stage.lead.post(f"/review/reviews/{taken['review_id']}/take-over", body)


def _somebody_else(reviewer_id: str) -> str:
    return next(each for each in cast.REVIEWERS if each != reviewer_id)
