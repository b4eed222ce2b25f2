"""What can happen to a cohort."""

from datetime import date
from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import CohortId, Sha256


class CohortOpened(Fact):
    """A programme runs once more; portfolios are due at the end of the deadline."""

    type: Literal["submission.CohortOpened"] = "submission.CohortOpened"
    cohort_id: CohortId
    programme: str
    programme_version: str
    programme_sha256: Sha256
    """What this version of the file said, without its policy."""
    policy_version: str
    policy_sha256: Sha256
    starts_on: date
    """The first day of the programme; adjustments are asked for before it."""
    deadline: date
    because: str | None = None
    """Why it starts when the programme does not, where it does."""


class CohortDeadlineMoved(Fact):
    """The portfolios of the whole cohort are due on another day."""

    type: Literal["submission.CohortDeadlineMoved"] = "submission.CohortDeadlineMoved"
    cohort_id: CohortId
    deadline: date


CohortEvent: TypeAlias = CohortOpened | CohortDeadlineMoved
