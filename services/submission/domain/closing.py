"""When a participant's time is over: a pure function over facts, for any date.

Invariant: extensions, adjustments and holds only ever add time. What was not yet so at
the asked moment does not count, so every clock can be computed again for any past date.
Source: domain.md section 3 ("a clock can be stopped and restarted").
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.submission.domain.course import Course
from services.submission.domain.deadlines import effective_deadline, has_passed
from services.submission.domain.events import ClockName
from services.submission.domain.states import Open
from shared.holds import later_by
from shared.london import london_day

_SUBMISSION: ClockName = "submission"
_RESUBMISSION: ClockName = "resubmission"


@dataclass(frozen=True, slots=True)
class Closing:
    """The last day of a clock, and what it is made of."""

    about: ClockName
    runs_until: date
    """The last day for everybody, or by an extension of this one case."""
    adjusted_until: date
    """With the extra days of adjustments."""
    closes_on: date
    """With the days on which the clock stood still; one held in part was not theirs."""
    is_held: bool
    """True while it stands still."""

    def has_passed(self, at: datetime) -> bool:
        """Return True once the last day is over; never while the clock stands still."""
        return not self.is_held and has_passed(self.closes_on, at)

    def days_left(self, at: datetime) -> int:
        """Return how many midnights in London there are until the last day."""
        return (self.closes_on - london_day(at)).days


def closing(portfolio: Open, *, cohort_deadline: date, at: datetime) -> Closing:
    """Return the clock of the attempt in the making, as it is at the instant *at*."""
    own, course = portfolio.own_deadline, portfolio.course
    if portfolio.resubmission is None:
        about = _SUBMISSION
        since, base = london_day(portfolio.enrolment.occurred_at), cohort_deadline
    else:
        window = portfolio.resubmission.window
        about, since, base = _RESUBMISSION, window.opened_on, window.runs_until
    runs_until = effective_deadline(own, base)
    extended = base + timedelta(days=extra_days(course, about, base))
    adjusted_until = effective_deadline(own, extended)
    return Closing(
        about=about,
        runs_until=runs_until,
        adjusted_until=adjusted_until,
        closes_on=later_by(course.holds.days_until(at), adjusted_until, since=since),
        is_held=course.holds.is_in_force(at),
    )


def extra_days(course: Course, about: ClockName, base: date) -> int:
    """Return how many days adjustments add to a clock that ends with the day *base*.

    An adjustment holds for clocks that end while it holds. Source: S2 3.1.1.
    """
    return sum(
        extra.days
        for each in course.adjustments.values()
        if each.agreed is not None and base <= each.agreed.until
        for extra in each.agreed.extra_days
        if extra.clock == about
    )


def is_adjusted(portfolio: Open, *, cohort_deadline: date) -> bool:
    """Tell whether an adjustment adds to the clock, or was granted by hand."""
    window = portfolio.resubmission
    if window is None:
        about, base = _SUBMISSION, cohort_deadline
    else:
        about, base = _RESUBMISSION, window.window.runs_until
    return portfolio.adjusted or extra_days(portfolio.course, about, base) > 0
