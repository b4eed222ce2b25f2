"""Days in London: when a time can last be chosen, and in which month it is.

A date ends at 24:00 in London, exclusive. Source: architecture.md, "HTTP, time".
"""

from datetime import date, datetime, time, timedelta

from shared.london import LONDON, london_day


def closes_on(starts_at: datetime, *, days: int) -> date:
    """Return the last day on which a time can be chosen: *days* before it."""
    return london_day(starts_at) - timedelta(days=days)


def closes_at(starts_at: datetime, *, days: int) -> datetime:
    """Return when a time can no longer be chosen: the end of a day, *days* before."""
    last_day = closes_on(starts_at, days=days)
    return datetime.combine(last_day + timedelta(days=1), time(), LONDON)


def earliest_start(at: datetime, *, days: int) -> datetime:
    """Return the first moment of which `closes_at` is still to come."""
    first_day = london_day(at) + timedelta(days=days)
    return datetime.combine(first_day, time(), LONDON)
