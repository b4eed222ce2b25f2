"""The rules of a cohort, and of the clock of a demonstration."""

from datetime import date, timedelta

import pytest

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.clock.decide import ClockGoesBackError, clock
from services.submission.domain.clock.events import ClockOffsetSet
from services.submission.domain.cohort.commands import MoveCohortDeadline
from services.submission.domain.cohort.decide import (
    CohortExistsError,
    DeadlineInThePastError,
    UnknownCohortError,
    cohort,
)
from services.submission.domain.cohort.events import CohortDeadlineMoved
from tests.support.specification import Scenario
from tests.unit.submission.examples import AT, DEADLINE, open_cohort, opened

cohorts = Scenario(cohort)
clocks = Scenario(clock)


def move(deadline: date) -> MoveCohortDeadline:
    return MoveCohortDeadline(cohort_id="ats-2025-10", deadline=deadline, at=AT)


def moved(deadline: date) -> CohortDeadlineMoved:
    return CohortDeadlineMoved(
        cohort_id="ats-2025-10", deadline=deadline, occurred_at=AT
    )


class TestOpenCohort:
    def test_pins_the_versions_and_the_deadline(self) -> None:
        """Source: domain.md section 2."""
        cohorts.given().when(open_cohort()).then(opened())

    def test_changes_nothing_the_second_time(self) -> None:
        cohorts.given(opened()).when(open_cohort()).then_nothing()

    @pytest.mark.parametrize(
        "other",
        [{"programme": "QTLS"}, {"deadline": DEADLINE + timedelta(days=1)}],
        ids=["programme", "deadline"],
    )
    def test_refuses_another_cohort_under_the_same_id(
        self, other: dict[str, object]
    ) -> None:
        cohorts.given(opened()).when(open_cohort(**other)).then_refused(
            CohortExistsError
        )


class TestMoveCohortDeadline:
    def test_sets_another_day(self) -> None:
        """Source: domain.md section 1: deadlines belong to operations."""
        later = date(2026, 4, 10)
        cohorts.given(opened()).when(move(later)).then(moved(later))

    def test_changes_nothing_the_second_time(self) -> None:
        later = date(2026, 4, 10)
        cohorts.given(opened(), moved(later)).when(move(later)).then_nothing()

    def test_refuses_a_day_that_is_over(self) -> None:
        """Source: P: what came in time must not become late."""
        cohorts.given(opened()).when(move(AT.date() - timedelta(days=1))).then_refused(
            DeadlineInThePastError
        )

    def test_refuses_a_cohort_that_does_not_exist(self) -> None:
        cohorts.given().when(move(DEADLINE)).then_refused(UnknownCohortError)


class TestSetClockOffset:
    def test_runs_ahead_of_the_wall_clock(self) -> None:
        """Source: architecture.md, "HTTP, time, drafts"."""
        clocks.given().when(SetClockOffset(offset_seconds=60, at=AT)).then(
            ClockOffsetSet(offset_seconds=60, occurred_at=AT)
        )

    def test_changes_nothing_the_second_time(self) -> None:
        clocks.given(ClockOffsetSet(offset_seconds=60, occurred_at=AT)).when(
            SetClockOffset(offset_seconds=60, at=AT)
        ).then_nothing()

    def test_refuses_to_go_back(self) -> None:
        """Source: architecture.md: no API accepts a backdated time."""
        clocks.given(ClockOffsetSet(offset_seconds=60, occurred_at=AT)).when(
            SetClockOffset(offset_seconds=59, at=AT)
        ).then_refused(ClockGoesBackError)
