"""One read of what was just appended, for everybody in the process who follows it.

A service follows its log several times over: relay, projector, clock. When something is
appended, all of them want the same few positions at the same moment.

Invariant: what is shared is what each would have read alone. The range is behind the
head, and what is behind the head never changes.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from shared.eventlog.values import StoredEvent

SHARED_POSITIONS = 500
"""Whoever is further behind reads alone, so that little is kept in memory here."""

Events = tuple[StoredEvent, ...]


class SharedReads:
    """Remembers the last read, under way or done."""

    def __init__(self, read: Callable[[int, int], Coroutine[Any, Any, Events]]) -> None:
        """Read with *read*: the events after one position up to another."""
        self._read = read
        self._range = (0, 0)
        self._reading: asyncio.Task[Events] | None = None

    async def between(self, after: int, up_to: int) -> Events:
        """Return the events after a position up to another; errors are those of *read*.

        A caller that is cancelled leaves the read to the others.
        """
        reading = self._reading
        if reading is None or self._range != (after, up_to) or _is_lost(reading):
            self._range = (after, up_to)
            reading = self._reading = asyncio.create_task(self._read(after, up_to))
        return await asyncio.shield(reading)

    def close(self) -> None:
        """Give up a read under way: nobody waits for it any more."""
        if self._reading is not None:
            self._reading.cancel()


def _is_lost(reading: "asyncio.Task[Events]") -> bool:
    return reading.done() and (reading.cancelled() or reading.exception() is not None)
