"""Reading a stretch of the log in steps, so that no statement runs for long.

Invariant: a step passes over at most `SCAN_POSITIONS`, however few of the events there
are for the reader.
"""

from collections.abc import AsyncIterator, Sequence

from shared.eventlog.log import EventLog
from shared.eventlog.values import StoredEvent

SCAN_POSITIONS = 20_000
"""Positions one statement passes over at most: some tens of milliseconds."""


async def scan(
    log: EventLog,
    position: int,
    up_to: int,
    *,
    categories: Sequence[str] | None = None,
    batch: int = 500,
) -> AsyncIterator[tuple[tuple[StoredEvent, ...], int]]:
    """Yield the events after *position* up to *up_to*, and how far was read.

    The events of a step may be none: those passed over are not for this reader.

    Raises:
        CategoryForbiddenError: one of *categories* is not for this role.
    """
    while position < up_to:
        events, position = await next_step(
            log, position, up_to, categories=categories, batch=batch
        )
        yield events, position


async def next_step(
    log: EventLog,
    position: int,
    up_to: int,
    *,
    categories: Sequence[str] | None = None,
    batch: int = 500,
) -> tuple[tuple[StoredEvent, ...], int]:
    """Return the first step of what `scan` yields; *position* is below *up_to*."""
    end = min(up_to, position + SCAN_POSITIONS)
    events = await log.read_after(
        position, up_to=end, limit=batch, categories=categories
    )
    return events, events[-1].position if len(events) == batch else end
