"""Cases not settled, or held by who is paused, and seeds: what is due is commanded.

What is due comes from a read model, as a hint; whether it really is, is decided from
the folded streams.
"""

from services.moderation.handlers import Due, Rechecks, SeedCourses
from services.moderation.read_models import (
    held_by_somebody,
    not_settled_in_time,
    seeds_to_compare,
)
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Cause
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background


def mark_overdue(
    due: Due, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that marks cases not settled in time, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "overdue",
            lambda: overdue_due(due, pool, clock),
            every_seconds=every_seconds,
        )

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
        with one_due("overdue", case_id=case_id, attempt=attempt):
            if not (await due.holds_of(case_id)).is_open:
                await due.mark_overdue(case_id, attempt, at=now, cause=cause)
            marked += 1
    return marked


def end_takes(
    rechecks: Rechecks, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that takes cases from paused moderators, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "paused",
            lambda: takes_due(rechecks, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


async def takes_due(rechecks: Rechecks, pool: Pool, clock: Clock) -> int:
    """Take every case from a moderator who is paused; return how many there were.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now, ended, known = clock(), 0, dict[str, bool]()
    for case_id, attempt, holder_id in await held_by_somebody(pool, now=now):
        with one_due("paused", case_id=case_id, attempt=attempt):
            if holder_id not in known:
                known[holder_id] = await rechecks.is_paused(holder_id)
            if known[holder_id]:
                names = (case_id, str(attempt), holder_id, now.isoformat())
                await rechecks.end_take(
                    case_id,
                    attempt,
                    moderator_id=holder_id,
                    at=now,
                    cause=Cause.by_clock("moderation", "paused", *names),
                )
                ended += 1
    return ended


def compare_seeds(
    courses: SeedCourses, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that compares seeds once their judgement is final."""

    async def loop() -> None:
        await keep_looking(
            "seeds",
            lambda: seeds_due(courses, pool, clock),
            every_seconds=every_seconds,
        )

    return loop


async def seeds_due(courses: SeedCourses, pool: Pool, clock: Clock) -> int:
    """Compare every seed whose judgement is final; return how many may be.

    One that cannot be compared keeps no other, and is tried again.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
    """
    now, compared = clock(), 0
    for case_id in await seeds_to_compare(pool, now=now):
        cause = Cause.by_clock("moderation", "seed", case_id)
        with one_due("seeds", case_id=case_id):
            await courses.judge(case_id, at=now, cause=cause)
            compared += 1
    return compared
