"""Offers that nobody took: what seems due becomes a command, and the command decides.

Whom to look at comes from read models, as a hint; whether a reminder is due, with every
hold and every booking, is decided from the folded streams.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.viva.handlers import Reminding, book_until_days
from services.viva.read_models import offers_not_taken
from shared.clock import Clock
from shared.database import DATABASE_AWAY, DATABASE_ERRORS, Pool
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause
from shared.logs import described
from shared.london import london_day
from shared.programmes import every_version


def follow_offers(
    reminding: Reminding, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that reminds of offers that are not taken, until cancelled."""

    async def loop() -> None:
        while True:
            try:
                await remind_all(reminding, pool, clock)
            except (ServiceError, *DATABASE_ERRORS) as error:
                structlog.get_logger().warning(
                    "clock.interrupted", clock="reminder", reason=type(error).__name__
                )
            await asyncio.sleep(every_seconds)

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
        try:
            handled = await reminding(case_id, round_id, at=now, cause=cause)
        except (UnavailableError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
            structlog.get_logger().error(
                "clock.item_failed",
                clock="reminder",
                case_id=case_id,
                **described(error),
            )
        else:
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
