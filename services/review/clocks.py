"""Leases that end, reviews that fall overdue or are kept in vain: what is due.

What is due comes from a read model, as a hint; whether it really is, is decided from
the folded stream.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog

from services.review.domain.commands import LapseClaim
from services.review.handlers import Allocating, Claims
from services.review.read_models import dependent, ended_leases, not_judged_in_time
from shared.clock import Clock
from shared.database import DATABASE_AWAY, DATABASE_ERRORS, Pool
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause, Handled
from shared.logs import described

Look = Callable[[], Awaitable[int]]


def lapse_claims(
    claims: Claims, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that takes back reviews whose lease has ended, until cancelled."""
    return _looking(
        "lapse", lambda: lapse_due(claims, pool, clock), every_seconds=every_seconds
    )


def mark_overdue(
    claims: Claims, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that marks reviews not judged in time, until cancelled."""
    return _looking(
        "overdue", lambda: overdue_due(claims, pool, clock), every_seconds=every_seconds
    )


def free_allocations(
    allocating: Allocating, pool: Pool, clock: Clock, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    """Return a loop that frees reviews kept for who may not judge them."""
    return _looking(
        "free", lambda: free_due(allocating, pool, clock), every_seconds=every_seconds
    )


async def lapse_due(claims: Claims, pool: Pool, clock: Clock) -> int:
    """Take back every review whose lease has ended; return how many there were.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()

    async def lapse(review_id: str, token: int) -> Handled:
        cause = Cause.by_clock("review", "lapse", review_id, str(token))
        return await claims.lapse(review_id, LapseClaim(token=token, at=now), cause)

    due = {
        review_id: partial(lapse, review_id, token)
        for review_id, token in await ended_leases(pool, now=now)
    }
    return await _each("lapse", due)


async def overdue_due(claims: Claims, pool: Pool, clock: Clock) -> int:
    """Mark every review that was not judged in time; return how many may be.

    Those whose clock stands still are left in peace: they are looked at every time.

    Raises:
        UnavailableError: as `lapse_due`.
    """
    now = clock()

    async def mark(review_id: str, due: str) -> None:
        if await claims.is_held(review_id):
            return
        cause = Cause.by_clock("review", "overdue", review_id, due)
        await claims.mark_overdue(review_id, now, cause)

    found = await not_judged_in_time(pool, now=now)
    due = {
        review_id: partial(mark, review_id, at.isoformat()) for review_id, at in found
    }
    return await _each("overdue", due)


async def free_due(allocating: Allocating, pool: Pool, clock: Clock) -> int:
    """Free every review that is kept for who may not judge it; return how many.

    Raises:
        UnavailableError: as `lapse_due`.
    """
    now = clock()

    async def free(review_id: str, reviewer_id: str) -> Handled:
        cause = Cause.by_clock("review", "free", review_id, reviewer_id, str(now))
        return await allocating.free(review_id, reviewer_id, now, cause)

    due = {
        review_id: partial(free, review_id, reviewer_id)
        for review_id, reviewer_id in await dependent(pool)
    }
    return await _each("free", due)


def _looking(
    clock: str, look: Look, *, every_seconds: float
) -> Callable[[], Awaitable[None]]:
    async def loop() -> None:
        while True:
            try:
                await look()
            except (ServiceError, *DATABASE_ERRORS) as error:
                structlog.get_logger().warning(
                    "clock.interrupted", clock=clock, reason=type(error).__name__
                )
            await asyncio.sleep(every_seconds)

    return loop


async def _each(clock: str, due: Mapping[str, Callable[[], Awaitable[object]]]) -> int:
    """Do what is due, one by one; what fails keeps no other, and is tried again."""
    done = 0
    for review_id, do in due.items():
        try:
            await do()
        except (UnavailableError, *DATABASE_AWAY):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
            structlog.get_logger().error(
                "clock.item_failed",
                clock=clock,
                review_id=review_id,
                **described(error),
            )
        else:
            done += 1
    return done
