"""Clocks that stand still: when the office held a case, and the days that adds.

Invariant: holds only ever add days, and the same holds always add the same, in
whatever order they were heard of. Pure. Source: domain.md section 3 ("a clock can be
stopped and restarted").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias, assert_never

from shared.london import LONDON, london_day

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHold:
    """Know that the office stopped the clocks of the case."""

    case_id: str
    hold_id: str
    placed_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHoldEnd:
    """Know that the clocks of the case run on."""

    case_id: str
    hold_id: str
    lifted_at: datetime
    at: datetime


HoldCommand: TypeAlias = NoteHold | NoteHoldEnd
"""What a service is told of the clocks of a case, whichever end it hears of first."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which the clocks stand still, as far as it was heard of."""

    placed_at: datetime | None = None
    lifted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True while it was placed and not lifted."""
        return self.placed_at is not None and self.lifted_at is None

    def is_in_force(self, at: datetime) -> bool:
        """Tell whether the clocks stood still by it at the instant *at*."""
        if self.placed_at is None or at < self.placed_at:
            return False
        return self.lifted_at is None or at < self.lifted_at


@dataclass(frozen=True, slots=True)
class Holds:
    """Every hold of a case, whichever end of it was heard of first."""

    by_id: Mapping[str, Hold] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """True while any of them is in force."""
        return any(each.is_open for each in self.by_id.values())

    def get(self, hold_id: str) -> Hold:
        """Return what is known of one hold."""
        return self.by_id.get(hold_id, Hold())

    def are_told(self, command: HoldCommand) -> bool:
        """Tell whether this end of the hold was heard of before."""
        known = self.get(command.hold_id)
        match command:
            case NoteHold():
                return known.placed_at is not None
            case NoteHoldEnd():
                return known.lifted_at is not None
            case _:
                assert_never(command)

    def placed(self, hold_id: str, at: datetime) -> "Holds":
        """Return the holds, of which this one began at the instant *at*."""
        hold = replace(self.get(hold_id), placed_at=at)
        return Holds({**self.by_id, hold_id: hold})

    def lifted(self, hold_id: str, at: datetime) -> "Holds":
        """Return the holds, of which this one ended at the instant *at*."""
        hold = replace(self.get(hold_id), lifted_at=at)
        return Holds({**self.by_id, hold_id: hold})

    def placed_by(self, at: datetime) -> tuple[Hold, ...]:
        """Return the holds that had begun at the instant *at*."""
        return tuple(
            each
            for each in self.by_id.values()
            if each.placed_at is not None and each.placed_at <= at
        )

    def is_in_force(self, at: datetime) -> bool:
        """Tell whether the clocks stood still at the instant *at*."""
        return any(each.is_in_force(at) for each in self.by_id.values())

    def days_until(self, at: datetime) -> frozenset[date]:
        """Return the days of which a part was held, as was so at the instant *at*.

        A hold that was in force then counts up to it.
        """
        days: set[date] = set()
        for each in self.by_id.values():
            if each.placed_at is not None and each.placed_at <= at:
                end = (
                    at if each.lifted_at is None else min(each.lifted_at, at + _INSTANT)
                )
                days |= days_between(each.placed_at, end)
        return frozenset(days)

    def lifted_days(self) -> frozenset[date]:
        """Return the days of which a part was held; none of a hold in force yet."""
        return frozenset(
            day
            for each in self.by_id.values()
            if each.placed_at is not None and each.lifted_at is not None
            for day in days_between(each.placed_at, each.lifted_at)
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The time somebody has, before anything stopped its clock."""

    since: datetime
    due_at: datetime

    def held_until(self, holds: Holds) -> datetime:
        """Return when it is over, a day later for each day that was held.

        A day that was held in part counts as held; days before the period, or after
        its end, add nothing. A hold that was not lifted yet adds nothing yet. The time
        of day in London stays. Source: P, as for the clocks of participants.
        """
        local, due_on = self.due_at.astimezone(LONDON), _last_day(self.due_at)
        end = later_by(holds.lifted_days(), due_on, since=london_day(self.since))
        moved = datetime.combine(
            local.date() + (end - due_on), local.time(), tzinfo=LONDON
        )
        return moved.astimezone(UTC)


def days_between(start: datetime, end: datetime) -> frozenset[date]:
    """Return every day in London of which a part lies between the two instants."""
    first, last = london_day(start), london_day(end - _INSTANT)
    return frozenset(first + n * _DAY for n in range((last - first).days + 1))


def later_by(held: Iterable[date], last_day: date, *, since: date) -> date:
    """Return *last_day*, and a day more for each day that was held since *since*.

    Days that were held after the end add nothing; those that are added may be held too.
    """
    end = last_day
    for day in sorted(held):
        if since <= day <= end:
            end += _DAY
    return end


def _last_day(due_at: datetime) -> date:
    """Return the last day that belongs to the period: midnight ends the day before."""
    return london_day(due_at - _INSTANT)
