"""Loops that run beside the requests until a service stops.

Invariant: no loop ends unnoticed. A database that is away is waited for; whatever else
ends a loop is logged at once, and from then on the service is not ready.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from shared.database import DATABASE_ERRORS
from shared.errors import UnavailableError

Background = Callable[[], Awaitable[None]]

PAUSE_SECONDS = 0.5
"""Before a loop begins again, so that one which fails at once does not spin."""
_PASSING = (*DATABASE_ERRORS, UnavailableError)


class Loops:
    """The loops of one service, from `start` to `stop`."""

    def __init__(self, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._pause_seconds = pause_seconds
        self._tasks: list[asyncio.Task[None]] = []
        self._failed: str | None = None

    def start(self, loops: Sequence[Background]) -> None:
        """Run *loops* until `stop`; each may be begun again at any time."""
        self._tasks += [asyncio.create_task(self._keep(loop)) for loop in loops]

    async def wrong(self) -> str | None:
        """Return which error ended a loop, or None while all run."""
        return None if self._failed is None else f"a loop ended with {self._failed}"

    async def stop(self) -> None:
        """End all loops and return when they have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, loop: Background) -> None:
        while True:
            try:
                return await loop()
            except Exception as error:  # noqa: BLE001 - whatever it is must be seen
                reason = type(error).__name__
                if not _passes(error):
                    self._failed = reason
                    structlog.get_logger().error("loop.failed", reason=reason)
                    return None
                structlog.get_logger().warning("loop.interrupted", reason=reason)
            await asyncio.sleep(self._pause_seconds)


def _passes(error: Exception) -> bool:
    """Tell whether waiting can mend *error*, or all errors of a group."""
    if isinstance(error, ExceptionGroup):
        _, others = error.split(_PASSING)
        return others is None
    return isinstance(error, _PASSING)
