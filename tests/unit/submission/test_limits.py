"""The last value inside each limit of submission, and the first outside."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.submission.api.cases import Extension
from services.submission.api.cohorts import NewCohort, NewDeadline, Offset
from services.submission.api.people import NewPerson
from services.submission.domain.cohort.commands import MoveCohortDeadline
from services.submission.domain.cohort.decide import DeadlineInThePastError, cohort
from services.submission.domain.decide import case
from services.submission.domain.extending import DeadlineNotLaterError
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    DEADLINE,
    enrolled,
    extend,
    extended,
    opened,
)

DAY = timedelta(days=1)


class TestDeadlines:
    def test_of_a_case_ends_at_least_a_day_later_than_the_cohort_s(self) -> None:
        """Source: P: an extension never takes time away."""
        given = Scenario(case).given(enrolled())
        given.when(extend(deadline=DEADLINE)).then_refused(DeadlineNotLaterError)
        given.when(extend(deadline=DEADLINE + DAY)).then(
            extended(deadline=DEADLINE + DAY)
        )

    def test_of_a_cohort_moves_to_a_day_that_is_not_over(self) -> None:
        """Source: P; architecture.md: a date ends at 24:00 Europe/London."""
        day = DEADLINE - DAY
        given = Scenario(cohort).given(opened())
        in_time = given.when(move(day, end_of(day) - timedelta(microseconds=1)))
        assert len(in_time.decide()) == 1
        given.when(move(day, end_of(day))).then_refused(DeadlineInThePastError)


def move(day: date, at: datetime) -> MoveCohortDeadline:
    return MoveCohortDeadline(cohort_id="ats-2025-10", deadline=day, at=at)


PERSON: dict[str, Any] = {
    "name": "Ana",
    "email": "ana@example.org",
    "roles": ["participant"],
}
COHORT: dict[str, Any] = {
    "cohort_id": "ats-2025-10",
    "programme": "ATS",
    "deadline": "2026-03-31",
}
MOVED: dict[str, Any] = {"deadline": "2026-03-31"}
EXTENDED: dict[str, Any] = {**MOVED, "reason": "technical_fault"}
FIVE_YEARS = 5 * 366 * 24 * 60 * 60

LIMITS: tuple[tuple[type[BaseModel], dict[str, Any], str, object, object], ...] = (
    (NewPerson, PERSON, "name", "a" * 200, "a" * 201),
    (NewPerson, PERSON, "name", "a", " "),
    (NewPerson, PERSON, "email", "a" * 254, "a" * 255),
    (NewPerson, PERSON, "organisation", "a" * 200, "a" * 201),
    (NewPerson, PERSON, "id", "a" * 64, "a" * 65),
    (NewPerson, PERSON, "roles", ["auditor"], []),
    (NewPerson, PERSON, "roles", ["mentor"], ["service"]),
    (NewCohort, COHORT, "cohort_id", "a" * 64, "a" * 65),
    (NewCohort, COHORT, "programme", "A" * 31, "A" * 32),
    (NewCohort, COHORT, "deadline", date(2000, 1, 1), date(1999, 12, 31)),
    (NewCohort, COHORT, "deadline", date(2999, 12, 31), date(3000, 1, 1)),
    (NewDeadline, MOVED, "deadline", date(2999, 12, 31), date(3000, 1, 1)),
    (Extension, EXTENDED, "deadline", date(2999, 12, 31), date(3000, 1, 1)),
    (Extension, EXTENDED, "reason", "exceptional_circumstances", "forgot"),
    (Offset, {"offset_seconds": 1}, "offset_seconds", FIVE_YEARS, FIVE_YEARS + 1),
    (Offset, {"offset_seconds": 1}, "offset_seconds", 0, -1),
)
"""Model, a good one, the field, its last value inside and its first outside."""


class TestBodies:
    @pytest.mark.parametrize(
        ("model", "good", "field", "inside", "outside"),
        LIMITS,
        ids=[f"{limit[2]} {number}" for number, limit in enumerate(LIMITS)],
    )
    def test_are_taken_up_to_their_limits(
        self,
        model: type[BaseModel],
        good: dict[str, Any],
        field: str,
        inside: object,
        outside: object,
    ) -> None:
        model.model_validate({**good, field: inside})
        with pytest.raises(ValidationError) as refused:
            model.model_validate({**good, field: outside})
        assert refused.value.errors()[0]["loc"][0] == field

    @pytest.mark.parametrize(
        ("model", "good"),
        [(NewPerson, PERSON), (NewCohort, COHORT), (Extension, EXTENDED)],
    )
    def test_take_no_time_from_outside(
        self, model: type[BaseModel], good: dict[str, Any]
    ) -> None:
        """Source: architecture.md: no API accepts a backdated time."""
        with pytest.raises(ValidationError):
            model.model_validate({**good, "occurred_at": "2020-01-01T00:00:00Z"})

    def test_say_nothing_of_a_person_when_they_are_refused(self) -> None:
        """Source: architecture.md: personal data never reaches an error."""
        with pytest.raises(ValidationError) as refused:
            NewPerson.model_validate({**PERSON, "roles": ["Quillfeather"]})
        assert "Quillfeather" not in str(refused.value)
