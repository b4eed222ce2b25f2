"""Dates that come near or pass: what is due becomes a command, and the command decides.

What may be due comes from a read model, as a hint; whether it is, is decided from the
folded streams of case and cohort.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from services.submission.handlers import Timekeeping
from services.submission.read_models import (
    Mark,
    ended_windows,
    near_deadlines,
    outrun_reviews,
)
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Cause, Handled
from shared.programmes import every_version
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background


@dataclass(frozen=True, slots=True)
class _Task:
    """One thing that time does, and the cases it may be due for."""

    name: str
    due: Callable[[Pool, datetime], Awaitable[list[str]]]
    carry_out: Callable[[str, datetime, Cause], Awaitable[Handled]]


def keep_dates(
    timekeeping: Timekeeping, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that does what is due, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "dates",
            lambda: do_due(timekeeping, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


async def do_due(timekeeping: Timekeeping, pool: Pool, clock: Clock) -> int:
    """Remind, let lapse and delay reviews; return how many facts came of it.

    One case that fails does not keep the others; the next round tries it again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    tasks = (
        _Task("reminder", _near, timekeeping.remind),
        _Task("lapse", ended_windows, timekeeping.lapse),
        _Task("delay", outrun_reviews, timekeeping.delay_review),
    )
    facts = 0
    for task in tasks:
        for case_id in await task.due(pool, now):
            cause = Cause.by_clock("submission", task.name, case_id, now.isoformat())
            with one_due(task.name, case_id=case_id):
                facts += len((await task.carry_out(case_id, now, cause)).facts)
    return facts


async def _near(pool: Pool, now: datetime) -> list[str]:
    """Return cases with a date that comes near, by the reminders of any version.

    Which of them is due for a case, its own version says.
    """
    marks = {
        Mark(programme=each.code, days=days)
        for each in every_version()
        for days in each.policy.resubmission.reminder_days.value
    }
    return await near_deadlines(pool, now, tuple(marks))
