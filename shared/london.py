"""Days as people in England count them: every date of a case is one in London.

Invariant: a date ends at 24:00 Europe/London, exclusive, also on the two days a year
that have 23 or 25 hours. Source: architecture.md, "HTTP, time, drafts".
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(at: datetime) -> date:
    """Return which day it is in London at the instant *at*."""
    return at.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """Return the first instant, in UTC, that no longer belongs to *day* in London."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    return midnight.astimezone(UTC)


def months_later(at: datetime, *, months: int) -> datetime:
    """Return the same time of day in London, *months* calendar months later.

    A day the later month does not have becomes its last.
    """
    local = at.astimezone(LONDON)
    year, month = divmod(local.month - 1 + months, 12)
    first = date(local.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    day = min(local.day, (following - timedelta(days=1)).day)
    clock = time(local.hour, local.minute, local.second, local.microsecond)
    later = datetime.combine(first.replace(day=day), clock, tzinfo=LONDON)
    return later.astimezone(UTC)
