"""When a review is due: so many calendar months after review opened.

Source: S2 4.4: review and moderation run over one month.
"""

from datetime import UTC, date, datetime, time, timedelta

from shared.london import LONDON


def due_at(opens_at: datetime, *, months: int) -> datetime:
    """Return the same time of day in London, *months* calendar months later.

    A day the later month does not have becomes its last.
    """
    local = opens_at.astimezone(LONDON)
    year, month = divmod(local.month - 1 + months, 12)
    first = date(local.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    day = min(local.day, (following - timedelta(days=1)).day)
    clock = time(local.hour, local.minute, local.second, local.microsecond)
    later = datetime.combine(first.replace(day=day), clock, tzinfo=LONDON)
    return later.astimezone(UTC)
