"""Leases that end, reviews that fall overdue or are kept in vain: what is due.

What is due comes from a read model, as a hint; whether it really is, is decided from
the folded stream.
"""

from services.review.domain.commands import LapseClaim
from services.review.handlers import Allocating, Claims, Conflicts
from services.review.read_models import (
    conflicting,
    dependent,
    ended_leases,
    not_judged_in_time,
)
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Cause
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background


def lapse_claims(
    claims: Claims, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that takes back reviews whose lease has ended, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "lapse", lambda: lapse_due(claims, pool, clock), every_seconds=every_seconds
        )

    return loop


def mark_overdue(
    claims: Claims, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that marks reviews not judged in time, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "overdue",
            lambda: overdue_due(claims, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


def free_allocations(
    allocating: Allocating, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that frees reviews kept for who may not judge them."""

    async def loop() -> None:
        await keep_looking(
            "free",
            lambda: free_due(allocating, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


def find_conflicts(
    conflicts: Conflicts, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that sets aside what was judged by who may not judge it."""

    async def loop() -> None:
        await keep_looking(
            "conflict",
            lambda: conflicts_due(conflicts, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


async def conflicts_due(conflicts: Conflicts, pool: Pool, clock: Clock) -> int:
    """Follow every conflict that came to light; return how many there may be.

    Raises:
        UnavailableError: as `lapse_due`.
    """
    now, found = clock(), 0
    for review_id, reviewer_id in await conflicting(pool):
        cause = Cause.by_clock("review", "conflict", review_id, reviewer_id, str(now))
        with one_due("conflict", review_id=review_id):
            await conflicts.find(review_id, reviewer_id, now, cause)
            found += 1
    return found


async def lapse_due(claims: Claims, pool: Pool, clock: Clock) -> int:
    """Take back every review whose lease has ended; return how many there were.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now = clock()
    taken = 0
    for review_id, token in await ended_leases(pool, now=now):
        cause = Cause.by_clock("review", "lapse", review_id, str(token))
        with one_due("lapse", review_id=review_id):
            await claims.lapse(review_id, LapseClaim(token=token, at=now), cause)
            taken += 1
    return taken


async def overdue_due(claims: Claims, pool: Pool, clock: Clock) -> int:
    """Mark every review that was not judged in time; return how many may be.

    Those whose clock stands still are left in peace: they are looked at every time.

    Raises:
        UnavailableError: as `lapse_due`.
    """
    now = clock()
    marked = 0
    for review_id, due_at in await not_judged_in_time(pool, now=now):
        cause = Cause.by_clock("review", "overdue", review_id, due_at.isoformat())
        with one_due("overdue", review_id=review_id):
            if not await claims.is_held(review_id):
                await claims.mark_overdue(review_id, now, cause)
            marked += 1
    return marked


async def free_due(allocating: Allocating, pool: Pool, clock: Clock) -> int:
    """Free every review that is kept for who may not judge it; return how many.

    Raises:
        UnavailableError: as `lapse_due`.
    """
    now = clock()
    freed = 0
    for review_id, reviewer_id in await dependent(pool):
        cause = Cause.by_clock("review", "free", review_id, reviewer_id, str(now))
        with one_due("free", review_id=review_id):
            await allocating.free(review_id, reviewer_id, now, cause)
            freed += 1
    return freed
