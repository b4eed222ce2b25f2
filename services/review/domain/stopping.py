"""Clocks that stand still: what a hold of the office does to the day a review is due.

Invariant: holds only ever add days, and the same holds always add the same, in
whatever order they were heard of. Source: domain.md section 3 ("a clock can be stopped
and restarted").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.london import LONDON, london_day

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which the clocks stand still, as far as it was heard of."""

    placed_at: datetime | None = None
    lifted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True while it was placed and not lifted."""
        return self.placed_at is not None and self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Period:
    """The time a review has, before anything stopped its clock."""

    since: datetime
    due_at: datetime

    def held_until(self, holds: Iterable[Hold]) -> datetime:
        """Return when the review is due, a day later for each day that was held.

        A day that was held in part counts as held; days before the period, or after
        its end, add nothing. A hold that was not lifted yet adds nothing yet. The time
        of day in London stays. Source: P, as for the clocks of participants.
        """
        local = self.due_at.astimezone(LONDON)
        due_on, first_day = _last_day(self.due_at), london_day(self.since)
        end = due_on
        for day in sorted(_held_days(holds)):
            if first_day <= day <= end:
                end += _DAY
        moved = datetime.combine(
            local.date() + (end - due_on), local.time(), tzinfo=LONDON
        )
        return moved.astimezone(UTC)


def _last_day(due_at: datetime) -> date:
    """Return the last day that belongs to the period: midnight ends the day before."""
    return london_day(due_at - _INSTANT)


def _held_days(holds: Iterable[Hold]) -> set[date]:
    days: set[date] = set()
    for hold in holds:
        if hold.placed_at is None or hold.lifted_at is None:
            continue
        day, last = london_day(hold.placed_at), london_day(hold.lifted_at - _INSTANT)
        while day <= last:
            days.add(day)
            day += _DAY
    return days
