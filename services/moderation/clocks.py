"""Cases that were not settled in time: what is due becomes a command.

What is due comes from a read model, as a hint; whether it really is, is decided from
the folded streams.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.moderation.handlers import Due
from services.moderation.read_models import not_settled_in_time
from shared.clock import Clock
from shared.database import DATABASE_AWAY, DATABASE_ERRORS, Pool
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause
from shared.logs import described


def mark_overdue(
    due: Due, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that marks cases not settled in time, until cancelled."""

    async def loop() -> None:
        while True:
            try:
                await overdue_due(due, pool, clock)
            except (ServiceError, *DATABASE_ERRORS) as error:
                structlog.get_logger().warning(
                    "clock.interrupted", clock="overdue", reason=type(error).__name__
                )
            await asyncio.sleep(every_seconds)

    return loop


async def overdue_due(due: Due, pool: Pool, clock: Clock) -> int:
    """Mark every case that was not settled in time; return how many may be.

    Those whose clocks stand still are left in peace: they are looked at every time.
    One that cannot be marked keeps no other, and is tried again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    marked = 0
    for case_id, attempt, due_at in await not_settled_in_time(pool, now=now):
        names = (case_id, str(attempt), due_at.isoformat())
        cause = Cause.by_clock("moderation", "overdue", *names)
        try:
            if not (await due.holds_of(case_id)).is_open:
                await due.mark_overdue(case_id, attempt, at=now, cause=cause)
        except (UnavailableError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
            structlog.get_logger().error(
                "clock.item_failed",
                clock="overdue",
                case_id=case_id,
                attempt=attempt,
                **described(error),
            )
        else:
            marked += 1
    return marked
