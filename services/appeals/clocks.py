"""Answers that are late: what seems due becomes a command, and the command decides.

What seems late comes from a read model, as a hint; whether the last day has passed,
with every hold, is decided from the folded streams.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.appeals.handlers import Answering
from services.appeals.read_models import late_answers
from shared.clock import Clock
from shared.database import DATABASE_AWAY, DATABASE_ERRORS, Pool
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause
from shared.logs import described
from shared.london import london_day


def follow_due_days(
    answering: Answering, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that records which answers are late, until cancelled."""

    async def loop() -> None:
        while True:
            try:
                await record_overdue(answering, pool, clock)
            except (ServiceError, *DATABASE_ERRORS) as error:
                structlog.get_logger().warning(
                    "clock.interrupted", clock="overdue", reason=type(error).__name__
                )
            await asyncio.sleep(every_seconds)

    return loop


async def record_overdue(answering: Answering, pool: Pool, clock: Clock) -> int:
    """Record every answer that is late; return how many were looked at.

    One that cannot be recorded does not keep the others; the next round tries again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    recorded = 0
    for appeal_id, due_on in await late_answers(pool, today=london_day(now)):
        cause = Cause.by_clock("appeals", "overdue", appeal_id, due_on.isoformat())
        try:
            await answering.fall_overdue(appeal_id, at=now, cause=cause)
        except (UnavailableError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
            structlog.get_logger().error(
                "clock.item_failed",
                clock="overdue",
                appeal_id=appeal_id,
                **described(error),
            )
        else:
            recorded += 1
    return recorded
