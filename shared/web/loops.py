"""Loops that run beside the requests until a service stops.

Invariant: no loop ends. One that failed runs again after a pause; unless all that was
wrong is that another part was away, the service is not ready until the loop has run
for a while without failing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from shared.database import DATABASE_AWAY
from shared.errors import UnavailableError
from shared.logs import described
from shared.pauses import pause_seconds

Background = Callable[[], Awaitable[None]]

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
_PASSING = (*DATABASE_AWAY, UnavailableError)
"""Waiting mends these, and the part that is away has a check of its own."""

SETTLED_SECONDS = 20.0
"""A loop that ran for so long has done its work at least once since it failed: the
slowest of ours sleeps 15 seconds between two rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a failing loop is treated."""

    first_pause_seconds: float = FIRST_PAUSE_SECONDS
    longest_pause_seconds: float = LONGEST_PAUSE_SECONDS
    settled_seconds: float = SETTLED_SECONDS

    def pause_seconds(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row."""
        return pause_seconds(
            failures,
            first_seconds=self.first_pause_seconds,
            longest_seconds=self.longest_pause_seconds,
        )


class Loops:
    """Runs the loops of one service."""

    def __init__(
        self, loops: Sequence[Background], patience: Patience | None = None
    ) -> None:
        """Know *loops*; nothing runs before `start`."""
        patience = patience or Patience()
        self._watched = {
            name: _Watched(name, loop, patience) for name, loop in _named(loops).items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    def checks(self) -> Mapping[str, Callable[[], Awaitable[str | None]]]:
        """Return by loop what is wrong with it now, for readiness."""
        return {name: watched.check for name, watched in self._watched.items()}

    def start(self) -> None:
        """Run every loop until `stop`."""
        self._tasks = [
            asyncio.create_task(watched.run(), name=name)
            for name, watched in self._watched.items()
        ]

    async def stop(self) -> None:
        """Cancel every loop and return when all have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


class _Watched:
    """One loop, and whether it fails."""

    def __init__(self, name: str, loop: Background, patience: Patience) -> None:
        self._name = name
        self._loop = loop
        self._patience = patience
        self._failures = 0
        self._problem: str | None = None

    async def check(self) -> str | None:
        """Return what is wrong, for operators, or None."""
        return self._problem

    async def run(self) -> None:
        """Run the loop again and again until cancelled."""
        while True:
            settled = asyncio.get_running_loop().call_later(
                self._patience.settled_seconds, self._recovered
            )
            try:
                await self._loop()
                self._failed("it ended")
            except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
                self._failed(type(error).__name__, error)
            finally:
                settled.cancel()
            await asyncio.sleep(self._patience.pause_seconds(self._failures))

    def _failed(self, reason: str, error: Exception | None = None) -> None:
        self._failures += 1
        line = structlog.get_logger().bind(loop=self._name, failures=self._failures)
        if error is not None and _passes(error):
            line.warning("loop.interrupted", reason=reason)
            return
        self._problem = f"it stopped and is started again: {reason}"
        line.error("loop.failed", **(described(error) if error else {"reason": reason}))

    def _recovered(self) -> None:
        self._failures = 0
        self._problem = None


def _passes(error: Exception) -> bool:
    """Tell whether waiting can mend *error*, or all errors of a group."""
    if isinstance(error, ExceptionGroup):
        _, others = error.split(_PASSING)
        return others is None
    return isinstance(error, _PASSING)


def _named(loops: Sequence[Background]) -> dict[str, Background]:
    """Return *loops* by the name of the function that made them."""
    named: dict[str, Background] = {}
    for loop in loops:
        full = str(getattr(loop, "__qualname__", type(loop).__qualname__))
        name = full.partition(".<locals>")[0].lstrip("_").replace("_", " ")
        while name in named:
            name += "'"
        named[name] = loop
    return named
