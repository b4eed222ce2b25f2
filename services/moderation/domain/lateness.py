"""What time does to a drawn case: its last day moves, or passes."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from shared.decider import Fact
from shared.vocabulary import Attempt, CaseId, CohortId, PersonId


class DueMoved(Fact):
    """The case is due later: the office had stopped its clocks."""

    type: Literal["moderation.DueMoved"] = "moderation.DueMoved"
    due_at: AwareDatetime


class FellOverdue(Fact):
    """The case was not settled in time; told once for each last day."""

    type: Literal["moderation.FellOverdue"] = "moderation.FellOverdue"
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    programme: str
    lead_id: PersonId | None
    """The lead who published the plan of the cohort; None where none is known."""
    due_at: AwareDatetime


LatenessEvent: TypeAlias = DueMoved | FellOverdue
