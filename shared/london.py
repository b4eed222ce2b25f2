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
