"""What a deadline is: a date, and what counts is where its day ends in London."""

from datetime import date, datetime, timedelta

from shared.errors import RuleViolatedError
from shared.london import end_of


class DeadlinePassedError(RuleViolatedError):
    """The deadline has passed: ask operations for an extension."""


def has_passed(day: date, at: datetime) -> bool:
    """Return True once *day* is over at the instant *at*."""
    return at >= end_of(day)


def months_before(day: date, months: int) -> date:
    """Return the day so many calendar months earlier, or the last of a shorter month.

    Source: P, as contracts count: one month before 31 March is 28 February.
    """
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def effective_deadline(own: date | None, cohort: date) -> date:
    """Return the later of a case's own deadline and its cohort's.

    An extension is never cut short by the cohort, and a cohort that moves further
    than the extension takes the case along. Source: domain.md section 4 (P).
    """
    return cohort if own is None else max(own, cohort)
