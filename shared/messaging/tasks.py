"""Running several endless things together."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

CANCEL_AGAIN_SECONDS = 1.0


async def until_first_ends(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run *coroutines* until one ends or fails, then cancel the others.

    Raises:
        Exception: whatever the first one to fail raised.
    """
    tasks = [asyncio.create_task(one) for one in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await cancelled(*tasks)


async def cancelled(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel *tasks* and return when they have ended; their failures are dropped.

    For tasks whose outcome no longer matters, because another one decided. Asked again
    until they end: aiokafka swallows a cancellation that meets it while it closes.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


async def wait_for_event(event: asyncio.Event, *, at_most_seconds: float) -> None:
    """Return when *event* is set or the time is over; clears the event."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(at_most_seconds):
            await event.wait()
    event.clear()
