"""What operations ask: which cases, in which state; which cohorts; who is known."""

from typing import Any

from services.submission.read_models.cases import (
    CASES,
    CaseRow,
    CaseState,
    cases_in,
    one_case,
)
from services.submission.read_models.cohorts import COHORTS, CohortRow, cohorts_after
from services.submission.read_models.due import (
    Mark,
    ended_windows,
    near_deadlines,
    outrun_reviews,
)
from services.submission.read_models.people import PEOPLE, PersonRow, people_after
from services.submission.read_models.waiting import Waiting
from shared.projector import ReadModel

ALL: tuple[ReadModel[Any], ...] = (CASES, COHORTS, PEOPLE)

__all__ = [
    "ALL",
    "CaseRow",
    "CaseState",
    "CohortRow",
    "Mark",
    "PersonRow",
    "Waiting",
    "cases_in",
    "cohorts_after",
    "ended_windows",
    "near_deadlines",
    "one_case",
    "outrun_reviews",
    "people_after",
]
