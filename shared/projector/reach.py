"""How far read models have come, and who waits for them.

Invariant: nobody who waits for a position is made to wait by a pause.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

GATHER_SECONDS = 0.02
"""Pause between the steps of a burst, so that there are few: operations hears of
everything. What comes alone, or second, is not kept waiting."""


class Reach:
    """The last log position that the read models of one service include."""

    def __init__(self, *, gather_seconds: float = GATHER_SECONDS) -> None:
        self._gather_seconds = gather_seconds
        self._moved = asyncio.Condition()
        self._readers = 0
        self._hurry = asyncio.Event()
        self._stepped_at = -math.inf
        self.position = 0

    async def move_to(self, position: int) -> None:
        """Tell whoever waits that *position* is included."""
        async with self._moved:
            self.position = position
            self._moved.notify_all()

    async def reached(self, position: int, *, within_seconds: float) -> bool:
        """Wait until *position* is included; False when it takes too long."""
        try:
            async with asyncio.timeout(within_seconds), self._moved:
                with self._hurried():
                    await self._moved.wait_for(lambda: self.position >= position)
        except TimeoutError:
            return False
        return True

    async def gather(self) -> None:
        """Let more of a burst come before the next step, unless somebody waits."""
        now, before = time.monotonic(), self._stepped_at
        self._stepped_at = now
        if now - before > self._gather_seconds:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._gather_seconds):
                await self._hurry.wait()

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        self._readers += 1
        self._hurry.set()
        try:
            yield
        finally:
            self._readers -= 1
            if not self._readers:
                self._hurry.clear()
