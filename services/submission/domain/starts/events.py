"""What can happen to the cohorts that start in one year."""

from datetime import date
from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import CohortId


class StartNoted(Fact):
    """A cohort takes one of the places that its programme has in this year."""

    type: Literal["submission.StartNoted"] = "submission.StartNoted"
    cohort_id: CohortId
    programme: str
    starts_on: date


StartsEvent: TypeAlias = StartNoted
