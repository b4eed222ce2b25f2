"""Leases that end: what is due becomes a command, and the command decides.

What is due comes from a read model, as a hint; whether the lease has really ended is
decided from the folded stream.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.review.domain.commands import LapseClaim
from services.review.handlers import Claims
from services.review.read_models import ended_leases
from shared.clock import Clock
from shared.database import DATABASE_AWAY, DATABASE_ERRORS, Pool
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause
from shared.logs import described


def lapse_claims(
    claims: Claims, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that takes back reviews whose lease has ended, until cancelled."""

    async def loop() -> None:
        while True:
            try:
                await lapse_due(claims, pool, clock)
            except (ServiceError, *DATABASE_ERRORS) as error:
                structlog.get_logger().warning(
                    "clock.interrupted", clock="lapse", reason=type(error).__name__
                )
            await asyncio.sleep(every_seconds)

    return loop


async def lapse_due(claims: Claims, pool: Pool, clock: Clock) -> int:
    """Take back every review whose lease has ended; return how many there were.

    One that cannot be taken back does not keep the others; the next round tries again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    taken = 0
    for review_id, token in await ended_leases(pool, now=now):
        cause = Cause.by_clock("review", "lapse", review_id, str(token))
        try:
            await claims.lapse(review_id, LapseClaim(token=token, at=now), cause)
        except (UnavailableError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
            structlog.get_logger().error(
                "clock.item_failed",
                clock="lapse",
                review_id=review_id,
                **described(error),
            )
        else:
            taken += 1
    return taken
