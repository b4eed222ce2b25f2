"""Clocks: extensions, adjustments, holds; for today and for any past date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.submission.domain.closing import Closing, closing
from services.submission.domain.deadlines import (
    DeadlinePassedError,
    months_before,
)
from services.submission.domain.decide import case
from services.submission.domain.events import CaseEvent
from services.submission.domain.extending import DeadlineNotLaterError
from services.submission.domain.states import Open
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    DEADLINE,
    enrolled,
    extend,
    extended,
    submit,
    submitted,
)
from tests.unit.submission.lives import (
    COMPLETE,
    RUNS_UNTIL,
    WITH_REVIEWERS,
    adjustment_agreed,
    adjustment_asked,
    hold,
    lifted,
    noted,
    window,
)

spec = Scenario(case)
ADJUSTED = (adjustment_asked(), adjustment_agreed())


def clock(*facts: CaseEvent, at: datetime, cohort: date = DEADLINE) -> Closing:
    """Return the clock after *facts*, as they were at the instant *at*."""
    then = [fact for fact in facts if fact.occurred_at <= at]
    state = case.fold(then)
    assert isinstance(state, Open)
    return closing(state, cohort_deadline=cohort, at=at)


def noon(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


class TestClosing:
    def test_is_the_cohort_s_deadline(self) -> None:
        """Source: S2 4.4."""
        now = clock(enrolled(), at=noon(3, 10))
        assert (now.about, now.closes_on, now.is_held) == (
            "submission",
            DEADLINE,
            False,
        )

    def test_is_the_case_s_own_later_deadline(self) -> None:
        """Source: S2 3.1.1."""
        now = clock(enrolled(), extended(), at=noon(3, 10))
        assert now.closes_on == date(2026, 4, 14)

    def test_adds_the_days_of_an_adjustment(self) -> None:
        """Source: S2 3.1.1, 6.2.2."""
        now = clock(enrolled(), *ADJUSTED, at=noon(3, 10))
        assert now.runs_until == DEADLINE
        assert now.closes_on == DEADLINE + timedelta(days=10)

    def test_keeps_the_later_of_adjustment_and_extension(self) -> None:
        """Source: P: nothing takes time away."""
        now = clock(enrolled(), extended(), *ADJUSTED, at=noon(3, 10))
        assert now.closes_on == date(2026, 4, 14)

    def test_leaves_out_an_adjustment_that_ends_before_the_clock(self) -> None:
        """Source: domain.md section 3 (until when)."""
        past = adjustment_agreed(until=DEADLINE - timedelta(days=1))
        now = clock(enrolled(), adjustment_asked(), past, at=noon(3, 10))
        assert now.closes_on == DEADLINE

    def test_of_a_window_counts_from_the_release(self) -> None:
        """Source: S2 6.2.1, P (six weeks)."""
        now = clock(*WITH_REVIEWERS, noted(), window(), at=noon(6, 1))
        assert (now.about, now.closes_on) == ("resubmission", RUNS_UNTIL)

    def test_of_a_window_has_adjustments_of_its_own(self) -> None:
        """Source: S2 6.2.2."""
        now = clock(*WITH_REVIEWERS, *ADJUSTED, noted(), window(), at=noon(6, 1))
        assert now.closes_on == RUNS_UNTIL + timedelta(days=14)


class TestHolds:
    """Source: domain.md section 3: a clock can be stopped; P: in whole days."""

    def test_add_every_day_on_which_the_clock_stood_still(self) -> None:
        facts = (enrolled(), hold(noon(3, 10)), lifted(noon(3, 12)))
        assert clock(*facts, at=noon(3, 20)).closes_on == DEADLINE + timedelta(days=3)

    def test_count_a_day_that_was_held_in_part(self) -> None:
        facts = (
            enrolled(),
            hold(noon(3, 10)),
            lifted(noon(3, 10) + timedelta(hours=1)),
        )
        assert clock(*facts, at=noon(3, 20)).closes_on == DEADLINE + timedelta(days=1)

    def test_count_no_day_that_had_not_begun_in_london(self) -> None:
        """The hold ends with 29 March, whose day has 23 hours: at 23:00 UTC."""
        end = end_of(date(2026, 3, 29))
        assert end == datetime(2026, 3, 29, 23, tzinfo=UTC)
        facts = (enrolled(), hold(noon(3, 28)), lifted(end))
        assert clock(*facts, at=noon(3, 31)).closes_on == DEADLINE + timedelta(days=2)

    def test_count_days_over_the_clock_change_in_october(self) -> None:
        """25 October has 25 hours: 23:30 UTC on the 25th is still that day."""
        facts = (
            enrolled(),
            hold(datetime(2026, 10, 24, 23, tzinfo=UTC)),  # 25 October, 00:00
            lifted(datetime(2026, 10, 25, 23, 30, tzinfo=UTC)),
        )
        now = clock(*facts, at=noon(10, 28), cohort=date(2026, 10, 31))
        assert now.closes_on == date(2026, 11, 1)

    def test_that_overlap_count_a_day_once(self) -> None:
        facts = (
            enrolled(),
            hold(noon(3, 10), "h1"),
            hold(noon(3, 11), "h2"),
            lifted(noon(3, 12), "h1"),
            lifted(noon(3, 13), "h2"),
        )
        assert clock(*facts, at=noon(3, 20)).closes_on == DEADLINE + timedelta(days=4)

    def test_run_on_while_they_last(self) -> None:
        """No deadline passes while the clock stands still."""
        now = clock(enrolled(), hold(noon(3, 30)), at=noon(5, 15))
        assert now.is_held
        assert not now.has_passed(noon(5, 15))
        assert now.closes_on > date(2026, 5, 15)

    def test_add_nothing_after_the_clock_has_run_out(self) -> None:
        facts = (enrolled(), hold(noon(4, 1)), lifted(noon(4, 9)))
        assert clock(*facts, at=noon(4, 10)).closes_on == DEADLINE

    def test_add_nothing_before_the_clock_began(self) -> None:
        """A hold during the review does not lengthen the resubmission."""
        before = (hold(noon(4, 1)), lifted(noon(4, 20)))
        now = clock(*WITH_REVIEWERS, *before, noted(), window(), at=noon(6, 1))
        assert now.closes_on == RUNS_UNTIL

    def test_are_known_in_whatever_order_they_are_heard(self) -> None:
        there = (hold(noon(3, 10)), lifted(noon(3, 12)))
        states = [case.fold((enrolled(), *facts)) for facts in (there, there[::-1])]
        assert states[0] == states[1]

    def test_that_only_ended_stop_nothing(self) -> None:
        state = spec.state(enrolled(), lifted(noon(3, 12)))
        assert not state.course.holds.is_in_force(noon(3, 11))

    @given(
        first=st.integers(0, 200), length=st.integers(0, 60), looked=st.integers(0, 300)
    )
    def test_only_ever_add_time(self, first: int, length: int, looked: int) -> None:
        """Source: P: nothing takes time away."""
        placed = noon(10, 1, 2025) + timedelta(days=first)
        facts = (
            enrolled(occurred_at=noon(9, 1, 2025)),
            hold(placed),
            lifted(placed + timedelta(days=length)),
        )
        at = noon(10, 1, 2025) + timedelta(days=looked)
        held = clock(*facts, at=at)
        assert DEADLINE <= held.closes_on <= DEADLINE + timedelta(days=length + 1)


class TestAnyPastDate:
    """Source: domain.md section 6, 12: clocks recomputable for any date."""

    HISTORY = (
        enrolled(),
        extended(occurred_at=noon(3, 10)),
        hold(noon(3, 20)),
        lifted(noon(3, 22)),
        adjustment_asked(),
        adjustment_agreed(occurred_at=noon(3, 25)),
    )

    @pytest.mark.parametrize(
        ("at", "closes_on"),
        [
            (noon(3, 5), DEADLINE),
            (noon(3, 11), date(2026, 4, 14)),
            (noon(3, 20), date(2026, 4, 15)),
            (noon(3, 21), date(2026, 4, 16)),
            (noon(3, 24), date(2026, 4, 17)),
            (noon(3, 26), date(2026, 4, 17)),  # the extension is later than its days
        ],
    )
    def test_shows_the_clock_as_it_stood(self, at: datetime, closes_on: date) -> None:
        assert clock(*self.HISTORY, at=at).closes_on == closes_on


class TestMonthsBefore:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2025, 10, 1), 1, date(2025, 9, 1)),
            (date(2025, 10, 1), 4, date(2025, 6, 1)),
            (date(2026, 1, 15), 1, date(2025, 12, 15)),
            (date(2026, 3, 31), 1, date(2026, 2, 28)),
            (date(2028, 3, 31), 1, date(2028, 2, 29)),
            (date(2026, 1, 31), 12, date(2025, 1, 31)),
            (date(2026, 1, 31), 2, date(2025, 11, 30)),
        ],
    )
    def test_is_a_day_of_an_earlier_month(
        self, day: date, months: int, expected: date
    ) -> None:
        """Source: P, as contracts count."""
        assert months_before(day, months) == expected


class TestSubmit:
    def test_follows_an_adjustment_and_says_only_that_there_is_one(self) -> None:
        """Source: S2 6.2.2; domain.md section 3 (hidden from reviewers)."""
        at = noon(4, 8)
        spec.given(*COMPLETE, *ADJUSTED).when(submit(at=at)).then(
            submitted(adjusted=True, submitted_at=at, occurred_at=at)
        )

    def test_says_so_also_where_an_extension_is_longer(self) -> None:
        """Source: moderation.md 3: adjustment cases are always moderated."""
        spec.given(*COMPLETE, extended(), *ADJUSTED).when(submit()).then(
            submitted(adjusted=True)
        )

    def test_is_refused_once_the_adjusted_deadline_has_ended(self) -> None:
        """Source: S2 6.2.2."""
        at = end_of(DEADLINE + timedelta(days=10))
        spec.given(*COMPLETE, *ADJUSTED).when(submit(at=at)).then_refused(
            DeadlinePassedError
        )

    @pytest.mark.parametrize(
        ("deadline", "ended_at"),
        [
            (date(2026, 3, 28), datetime(2026, 3, 29, 0, tzinfo=UTC)),
            (date(2026, 3, 29), datetime(2026, 3, 29, 23, tzinfo=UTC)),
            (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
            (date(2026, 10, 25), datetime(2026, 10, 26, 0, tzinfo=UTC)),
        ],
        ids=["before spring", "spring", "before autumn", "autumn"],
    )
    def test_is_refused_one_second_late_on_the_days_the_clocks_change(
        self, deadline: date, ended_at: datetime
    ) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""
        second = timedelta(seconds=1)
        last = submit(at=ended_at - second, cohort_deadline=deadline)
        assert spec.given(*COMPLETE).when(last).decide()
        for late in (ended_at, ended_at + second):
            spec.given(*COMPLETE).when(
                submit(at=late, cohort_deadline=deadline)
            ).then_refused(DeadlinePassedError)

    def test_is_accepted_on_a_day_that_a_hold_added(self) -> None:
        """Source: domain.md section 3 (a clock can be stopped)."""
        held = (hold(noon(3, 10)), lifted(noon(3, 12)))
        at = end_of(DEADLINE + timedelta(days=3))
        assert (
            spec.given(*COMPLETE, *held)
            .when(submit(at=at - timedelta(seconds=1)))
            .decide()
        )
        spec.given(*COMPLETE, *held).when(submit(at=at)).then_refused(
            DeadlinePassedError
        )


def test_an_extension_is_later_than_what_holds_and_adjustments_give() -> None:
    """Source: P: an extension never takes time away."""
    spec.given(enrolled(), *ADJUSTED).when(
        extend(deadline=DEADLINE + timedelta(days=10))
    ).then_refused(DeadlineNotLaterError)
