"""Answers that are late: what seems due becomes a command, and the command decides.

What seems late comes from a read model, as a hint; whether the last day has passed,
with every hold, is decided from the folded streams.
"""

from services.appeals.handlers import Answering
from services.appeals.read_models import late_answers
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Cause
from shared.london import london_day
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background


def follow_due_days(
    answering: Answering, pool: Pool, clock: Clock, *, every_seconds: float
) -> Background:
    """Return a loop that records which answers are late, until cancelled."""

    async def loop() -> None:
        await keep_looking(
            "overdue",
            lambda: record_overdue(answering, pool, clock),
            every_seconds=every_seconds,
        )

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
        with one_due("overdue", appeal_id=appeal_id):
            await answering.fall_overdue(appeal_id, at=now, cause=cause)
            recorded += 1
    return recorded
