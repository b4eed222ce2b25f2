"""Clocks in working days: when they end, how they stop, how they stood."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appeals.domain.working_days import (
    CalendarEndedError,
    Reading,
    Running,
    Standing,
    Stop,
    read_clock,
)
from shared.london import end_of
from tests.unit.appeals.examples import CALENDAR, RELEASED_AT

SECOND = timedelta(seconds=1)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def read(
    *stops: Stop,
    started_at: datetime = RELEASED_AT,
    working_days: int = 10,
    as_of: datetime = LATER,
) -> Reading:
    return read_clock(
        CALENDAR,
        started_at=started_at,
        working_days=working_days,
        stops=stops,
        as_of=as_of,
    )


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


class TestWorkingDays:
    """Source: domain.md section 3: England's bank holidays; receipt is day 0."""

    def test_leave_out_weekends_and_easter(self) -> None:
        assert read() == Running(date(2026, 4, 13))

    def test_leave_out_christmas_and_new_year(self) -> None:
        started_at = utc(2025, 12, 22, 9)
        assert read(started_at=started_at) == Running(date(2026, 1, 8))

    def test_start_on_the_day_after_receipt(self) -> None:
        assert read(working_days=1) == Running(date(2026, 3, 27))

    def test_take_the_day_of_receipt_from_london(self) -> None:
        """Half past eleven at night in summer time is the next day there."""
        assert read(started_at=utc(2026, 6, 1, 23, 30), working_days=1) == Running(
            date(2026, 6, 3)
        )

    def test_start_counting_on_monday_after_a_receipt_at_the_weekend(self) -> None:
        saturday = utc(2026, 6, 6, 12)
        assert read(started_at=saturday, working_days=1) == Running(date(2026, 6, 8))

    def test_are_refused_in_years_that_the_calendar_does_not_cover(self) -> None:
        with pytest.raises(CalendarEndedError):
            read(started_at=utc(2027, 12, 30))


class TestLastDay:
    """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""

    @pytest.mark.parametrize(
        ("last_day", "end"),
        [
            (date(2026, 3, 27), utc(2026, 3, 28)),  # the Friday before summer time
            (date(2026, 3, 30), utc(2026, 3, 30, 23)),  # the Monday after
            (date(2026, 10, 23), utc(2026, 10, 23, 23)),  # the Friday before winter
            (date(2026, 10, 26), utc(2026, 10, 27)),  # the Monday after
        ],
    )
    def test_ends_at_midnight_in_london_around_clock_changes(
        self, last_day: date, end: datetime
    ) -> None:
        assert end_of(last_day) == end
        assert not Running(last_day).is_over(end - SECOND)
        assert Running(last_day).is_over(end)

    def test_is_not_moved_by_a_clock_change_on_the_way(self) -> None:
        assert read(started_at=utc(2026, 10, 19, 9)) == Running(date(2026, 11, 2))


class TestStop:
    """Source: domain.md section 3: a clock can be stopped and restarted."""

    def test_adds_each_working_day_on_which_the_case_was_held(self) -> None:
        week = Stop(utc(2026, 3, 30, 9), utc(2026, 4, 2, 17))
        assert read(week) == Running(date(2026, 4, 17))

    def test_adds_nothing_for_days_that_are_no_working_days(self) -> None:
        easter = Stop(utc(2026, 4, 2, 23), utc(2026, 4, 6, 22))
        assert read(easter) == Running(date(2026, 4, 13))

    def test_adds_the_day_it_begins_and_ends_on(self) -> None:
        assert read(Stop(utc(2026, 3, 30, 9), utc(2026, 3, 30, 9, 5))) == Running(
            date(2026, 4, 14)
        )

    def test_ends_at_midnight_without_touching_the_next_day(self) -> None:
        until_midnight = Stop(utc(2026, 3, 30, 9), utc(2026, 3, 30, 23))
        assert read(until_midnight) == Running(date(2026, 4, 14))

    def test_counts_once_where_holds_overlap(self) -> None:
        first = Stop(utc(2026, 3, 30, 9), utc(2026, 4, 1, 9))
        second = Stop(utc(2026, 3, 31, 9), utc(2026, 4, 2, 9))
        assert read(first, second) == Running(date(2026, 4, 17))

    def test_adds_nothing_after_the_last_day(self) -> None:
        assert read(Stop(utc(2026, 4, 14, 9))) == Running(date(2026, 4, 13))

    def test_stands_still_while_the_hold_is_in_force(self) -> None:
        reading = read(Stop(utc(2026, 3, 31, 9)), as_of=utc(2026, 8, 3, 9))
        assert isinstance(reading, Standing)
        assert reading.counted == 2
        assert not reading.is_over(utc(2026, 8, 3, 9))

    def test_says_which_day_would_be_the_last_if_it_ended_now(self) -> None:
        reading = read(Stop(utc(2026, 3, 31, 9)), as_of=utc(2026, 3, 31, 10))
        assert reading == Standing(2, date(2026, 4, 14))

    def test_keeps_a_deadline_that_is_held_on_its_last_day(self) -> None:
        placed_at = utc(2026, 4, 13, 22, 59, 59)
        assert isinstance(read(Stop(placed_at)), Standing)
        assert read(Stop(placed_at + SECOND)) == Running(date(2026, 4, 13))


MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2026, 9, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


class TestAsOf:
    """Source: domain.md section 6, 12: recomputable for any past date."""

    def test_does_not_know_a_hold_that_came_later(self) -> None:
        stop = Stop(utc(2026, 3, 31, 9), utc(2026, 4, 1, 9))
        assert read(stop, as_of=utc(2026, 3, 30)) == Running(date(2026, 4, 13))
        assert isinstance(read(stop, as_of=utc(2026, 3, 31, 12)), Standing)
        assert read(stop, as_of=utc(2026, 4, 1, 9)) == Running(date(2026, 4, 15))

    @given(MOMENTS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=60)))
    def test_is_never_earlier_because_of_a_hold(
        self, as_of: datetime, placed_at: datetime, held: timedelta
    ) -> None:
        plain = read(as_of=as_of)
        stopped = read(Stop(placed_at, placed_at + held), as_of=as_of)
        assert stopped.last_day >= plain.last_day

    @given(MOMENTS, st.lists(st.tuples(MOMENTS, MOMENTS), max_size=4))
    def test_does_not_depend_on_the_order_in_which_holds_are_heard_of(
        self, as_of: datetime, spans: list[tuple[datetime, datetime]]
    ) -> None:
        stops = [Stop(min(span), max(span)) for span in spans]
        assert read(*stops, as_of=as_of) == read(*reversed(stops), as_of=as_of)
