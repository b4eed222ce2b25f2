"""What the office does before reviewers begin: it gives each of them a share."""

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
    gets = [share["gets"] for share in seen["shares"] if share["gets"]]
    return (
        f"{done['allocated']} reviews to {len(gets)} reviewers, {min(gets)} to"
        f" {max(gets)} each; one is anybody's again"
    )
