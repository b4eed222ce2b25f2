"""The rules of a cohort, and of the clock of a demonstration."""

from datetime import date, timedelta

import pytest

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.clock.decide import ClockGoesBackError, clock
from services.submission.domain.clock.events import ClockOffsetSet
from services.submission.domain.cohort.commands import MoveCohortDeadline, Rhythm
from services.submission.domain.cohort.decide import (
    CohortExistsError,
    DeadlineInThePastError,
    UnknownCohortError,
    cohort,
)
from services.submission.domain.cohort.events import CohortDeadlineMoved
from services.submission.domain.cohort.rhythm import (
    OutsideStartMonthsError,
    YearIsFullError,
)
from services.submission.domain.starts.commands import NoteStart
from services.submission.domain.starts.decide import starts
from services.submission.domain.starts.events import StartNoted
from tests.support.specification import Scenario
from tests.unit.submission.examples import AT, DEADLINE, open_cohort, opened

cohorts = Scenario(cohort)
clocks = Scenario(clock)
years = Scenario(starts)


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


ONE_A_YEAR = Rhythm(start_months=(10,), per_year=1)
OCTOBER, JUNE = date(2025, 10, 1), date(2025, 6, 1)
BECAUSE = "The first cohort is full."


class TestCohortStart:
    """Source: S0: ATS has one cohort a year, starting in October."""

    def test_is_in_a_month_in_which_the_programme_starts(self) -> None:
        october = {"starts_on": OCTOBER}
        cohorts.given().when(open_cohort(rhythm=ONE_A_YEAR, **october)).then(
            opened(**october)
        )
        cohorts.given().when(
            open_cohort(rhythm=ONE_A_YEAR, starts_on=JUNE)
        ).then_refused(OutsideStartMonthsError)

    def test_is_refused_once_the_year_has_its_cohorts(self) -> None:
        asked = {"starts_on": OCTOBER, "others": ("ats-2025-10-a",)}
        cohorts.given().when(open_cohort(rhythm=ONE_A_YEAR, **asked)).then_refused(
            YearIsFullError
        )
        twice = Rhythm(start_months=(4, 10), per_year=2)
        cohorts.given().when(open_cohort(rhythm=twice, **asked)).then(
            opened(starts_on=OCTOBER)
        )

    @pytest.mark.parametrize(
        "asked",
        [{"starts_on": JUNE}, {"starts_on": OCTOBER, "others": ("ats-2025-10-a",)}],
        ids=["another month", "one more in the year"],
    )
    def test_may_be_another_with_a_reason_that_is_kept(
        self, asked: dict[str, object]
    ) -> None:
        """Source: P: the office may need it; a reason makes it visible."""
        cohorts.given().when(
            open_cohort(rhythm=ONE_A_YEAR, because=BECAUSE, **asked)
        ).then(opened(starts_on=asked["starts_on"], because=BECAUSE))

    def test_keeps_no_reason_that_was_not_needed(self) -> None:
        asked = open_cohort(rhythm=ONE_A_YEAR, because=BECAUSE, starts_on=OCTOBER)
        cohorts.given().when(asked).then(opened(starts_on=OCTOBER))

    def test_is_free_where_the_programme_says_nothing(self) -> None:
        others = ("a", "b")
        cohorts.given().when(
            open_cohort(starts_on=JUNE, others=others, because=BECAUSE)
        ).then(opened(starts_on=JUNE))


class TestNoteStart:
    def test_is_noted_once(self) -> None:
        noting = NoteStart(
            cohort_id="ats-2025-10", programme="ATS", starts_on=OCTOBER, at=AT
        )
        noted = StartNoted(
            cohort_id="ats-2025-10", programme="ATS", starts_on=OCTOBER, occurred_at=AT
        )
        years.given().when(noting).then(noted)
        years.given(noted).when(noting).then_nothing()
        assert years.state(noted) == {"ats-2025-10": OCTOBER}


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
