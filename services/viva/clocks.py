"""Offers that nobody took: what seems due becomes a command, and the command decides.

Whom to look at comes from read models, as a hint; whether a reminder is due, with every
hold and every booking, is decided from the folded streams.
"""

from services.viva.handlers import Reminding, book_until_days
from services.viva.read_models import offers_not_taken
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Cause
from shared.london import london_day
from shared.programmes import every_version
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background


def follow_offers(
    reminding: Reminding, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that reminds of offers that are not taken, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "reminder",
            lambda: remind_all(reminding, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


async def remind_all(reminding: Reminding, pool: Pool, clock: Clock) -> int:
    """Remind everybody of whom a reminder is due; return how many were reminded.

    One that cannot be reminded does not keep the others; the next round tries again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    due = await offers_not_taken(
        pool,
        today=london_day(now),
        marks_days=sorted(_marks()),
        book_until_days=book_until_days(),
    )
    reminded = 0
    for case_id, round_id in due:
        cause = Cause.by_clock("viva", "reminder", case_id, round_id, now.isoformat())
        with one_due("reminder", case_id=case_id):
            handled = await reminding(case_id, round_id, at=now, cause=cause)
            reminded += len(handled.facts)
    return reminded


def _marks() -> frozenset[int]:
    """Return the reminders of any version of any programme, in days."""
    return frozenset(
        days
        for each in every_version()
        if each.policy.viva is not None
        for days in each.policy.viva.reminder_days.value
    )
