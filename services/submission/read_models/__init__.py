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
from services.submission.read_models.people import PEOPLE, PersonRow, people_after
from shared.projector import ReadModel

ALL: tuple[ReadModel[Any], ...] = (CASES, COHORTS, PEOPLE)

__all__ = [
    "ALL",
    "CaseRow",
    "CaseState",
    "CohortRow",
    "PersonRow",
    "cases_in",
    "cohorts_after",
    "one_case",
    "people_after",
]
