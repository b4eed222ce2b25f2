"""When a day ends: a deadline is a date, and what counts is where its day ends.

Invariant: a date ends at 24:00 Europe/London, exclusive, also on the two days a year
that have 23 or 25 hours. Source: architecture.md, "HTTP, time, drafts".
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def end_of(day: date) -> datetime:
    """Return the first instant, in UTC, that no longer belongs to *day*."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    return midnight.astimezone(UTC)


def has_passed(day: date, at: datetime) -> bool:
    """Return True once *day* is over at the instant *at*."""
    return at >= end_of(day)
