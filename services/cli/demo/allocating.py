"""What the office does before reviewers begin: it gives each of them a share."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    return (
        f"{done['allocated']} reviews to {len(_shares(seen['given']))} reviewers;"
        f" {_change_hands(stage, seen['given'])}"
    )


def _change_hands(stage: Stage, given: Sequence[Mapping[str, str]]) -> str:
    """Give one back and away again, hand one over, and let the lead take one over.

    Who gets one has fewest: whoever judges more than five is not always moderated.
    """
    back, known = (f"{stage.case_of(n)}.1.1" for n in (cast.GIVEN_BACK, cast.KNOWN))
    owners = {each["review_id"]: each["reviewer_id"] for each in given}
    path = f"/review/reviews/{back}/allocation"
    stage.office.post(f"{path}/withdrawal")
    stage.office.post(path, {"reviewer_id": owners[back]})
    review_id, reviewer_id, to = _next_move(owners, {back, known})
    owners[review_id] = to
    reviewer = stage.player(reviewer_id, "reviewer")
    path = f"/review/reviews/{review_id}"
    token = reviewer.post(f"{path}/claim")["token"]
    body = {"reviewer_id": to, "reason": "I am away for two weeks from tomorrow."}
    reviewer.post(f"{path}/hand-over", body, headers={"Fencing-Token": str(token)})
    taken, _, to = _next_move(owners, {back, known, review_id})
    body = {"reviewer_id": to, "reason": "Its reviewer has fallen ill."}
    stage.lead.post(f"/review/reviews/{taken}/take-over", body)
    _refer(stage, taken, to)
    return "one was handed over, one taken over and then referred to the lead"


def _refer(stage: Stage, review_id: str, reviewer_id: str) -> None:
    """Let a reviewer say that they cannot decide, and the lead that they shall."""
    reviewer = stage.player(reviewer_id, "reviewer")
    path = f"/review/reviews/{review_id}"
    token = reviewer.post(f"{path}/claim")["token"]
    note = "Two pieces of evidence contradict each other and I cannot tell which holds."
    reviewer.post(
        f"{path}/refer", {"note": note}, headers={"Fencing-Token": str(token)}
    )
    stage.lead.get(f"{path}/referral")
    stage.lead.post(f"{path}/allocation", {"reviewer_id": reviewer_id})


def _next_move(owners: Mapping[str, str], but: Collection[str]) -> tuple[str, str, str]:
    """Return a review of who has most, who that is, and who has fewest."""
    shares = _shares([{"reviewer_id": each} for each in owners.values()])
    most = max(owners.keys() - but, key=lambda each: (shares[owners[each]], each))
    others = [each for each in cast.REVIEWERS if each != owners[most]]
    return most, owners[most], min(others, key=lambda each: shares[each])


def _shares(given: Iterable[Mapping[str, str]]) -> Counter[str]:
    return Counter(each["reviewer_id"] for each in given)
