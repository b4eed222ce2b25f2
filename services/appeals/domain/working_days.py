"""Clocks in working days, recomputable for any moment from facts alone.

The day of receipt is day 0 and a date ends at 24:00 in London, exclusive. A working day
on any part of which the case is held does not count. Source: domain.md section 3;
architecture.md, "HTTP, time, drafts"; how a held day counts: our own default (P).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from shared.decider import Value
from shared.errors import RuleViolatedError
from shared.london import end_of, london_day

_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarEndedError(RuleViolatedError):
    """The bank holidays of that year are not known: operations has to extend them."""


class Calendar(Value):
    """The bank holidays of England in some years, all of them."""

    first_year: int
    last_year: int
    bank_holidays: tuple[date, ...]

    def is_working_day(self, day: date) -> bool:
        """Tell whether *day* is Monday to Friday and no bank holiday.

        Raises:
            CalendarEndedError: the calendar does not cover the year.
        """
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarEndedError(year=day.year)
        return day.weekday() < _SATURDAY and day not in self.bank_holidays


@dataclass(frozen=True, slots=True)
class Stop:
    """A hold: the clocks stand still from one moment to another."""

    stopped_at: datetime
    restarted_at: datetime | None = None
    """None while they stand still."""

    def as_of(self, moment: datetime) -> "Stop | None":
        """Return what was true of the stop at *moment*; None before it began."""
        if self.stopped_at > moment:
            return None
        if self.restarted_at is not None and self.restarted_at > moment:
            return Stop(self.stopped_at)
        return self

    def touches(self, day: date) -> bool:
        """Tell whether the case was held on any part of *day*."""
        begins_before_its_end = self.stopped_at < end_of(day)
        starts = end_of(day - _DAY)
        return begins_before_its_end and (
            self.restarted_at is None or self.restarted_at > starts
        )


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs, or has run out."""

    last_day: date

    def is_over(self, at: datetime) -> bool:
        """Return True from the instant the last day has ended."""
        return at >= end_of(self.last_day)


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock that stands still, and therefore cannot run out."""

    counted: int
    """Working days that had passed when it stopped."""
    last_day: date
    """What would be the last day if the hold ended at the moment looked at."""

    def is_over(self, at: datetime) -> bool:  # noqa: ARG002 - the same question
        """Return False."""
        return False


Reading: TypeAlias = Running | Standing


def read_clock(
    calendar: Calendar,
    *,
    started_at: datetime,
    working_days: int,
    stops: Iterable[Stop],
    as_of: datetime,
) -> Reading:
    """Return how a clock stood at *as_of*, from what had happened by then.

    Raises:
        CalendarEndedError: it would end in a year that the calendar does not cover.
    """
    known = [each for stop in stops if (each := stop.as_of(as_of)) is not None]
    counted, last_day = _count(calendar, started_at, working_days, known)
    if last_day is not None:
        return Running(last_day)
    lifted = [Stop(each.stopped_at, each.restarted_at or as_of) for each in known]
    _, projected = _count(calendar, started_at, working_days, lifted)
    if projected is None:
        raise AssertionError("a clock without an open stop always ends")
    return Standing(counted, projected)


def _count(
    calendar: Calendar,
    started_at: datetime,
    working_days: int,
    stops: Sequence[Stop],
) -> tuple[int, date | None]:
    """Return the days counted, and the last; None when an open stop comes first."""
    open_since = [
        london_day(each.stopped_at) for each in stops if each.restarted_at is None
    ]
    day, counted = london_day(started_at), 0
    while counted < working_days:
        day += _DAY
        if any(day >= since for since in open_since):
            return counted, None
        if calendar.is_working_day(day) and not any(s.touches(day) for s in stops):
            counted += 1
    return counted, day
