"""Waking other processes through the database, at once where possible.

Invariant: a signal only makes somebody look sooner; every waiter looks now and then
anyway, so a lost notification costs time and nothing else.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import structlog

from shared.database import DATABASE_ERRORS, Connection, Pool
from shared.ids import new_id
from shared.messaging.tasks import wait_for_event

CHANNEL = "messaging"
_FROM = " from "
"""Between the name of a signal and the one who has told everybody near already."""
RETRY_SECONDS = 1.0
LIVENESS_SECONDS = 10.0
"""How often a quiet listening connection is asked whether it is still there."""


def generation_signal(source: str) -> str:
    """Return the name of: a new era of *source* has begun."""
    return f"generation {source}"


def wanted_signal(service: str) -> str:
    """Return the name of: a consumer asks *service* for a new generation."""
    return f"wanted {service}"


def published_signal(type_name: str) -> str:
    """Return the name of: a message of this type was published."""
    return f"published {type_name}"


def released_signal(consumer: str) -> str:
    """Return the name of: a lane of *consumer* was released."""
    return f"released {consumer}"


async def send_signal(executor: "Pool | Connection", name: str) -> None:
    """Wake whoever waits for *name*, in this and other processes."""
    await executor.execute("SELECT pg_notify($1, $2)", CHANNEL, name)


class Here:
    """Everything of this event loop that waits for signals."""

    def __init__(self) -> None:
        self._origin = str(new_id())
        self._waiting: WeakSet[Signals] = WeakSet()

    def add(self, signals: "Signals") -> None:
        """Wake *signals* too, from now on."""
        self._waiting.add(signals)

    def wake(self, names: Iterable[str]) -> None:
        """Wake whoever waits for one of *names*, without the database."""
        for name in names:
            for signals in tuple(self._waiting):
                signals.wake(name)

    def for_others(self, name: str) -> str:
        """Return *name* as it is told to others after everybody here was woken."""
        return f"{name}{_FROM}{self._origin}"

    def named(self, payload: str) -> str | None:
        """Return the name in *payload*; None when everybody here was woken."""
        name, _, origin = payload.partition(_FROM)
        return None if origin == self._origin else name


_HERE: "WeakKeyDictionary[asyncio.AbstractEventLoop, Here]" = WeakKeyDictionary()


def here() -> Here:
    """Return what waits in the running event loop."""
    loop = asyncio.get_running_loop()
    known = _HERE.get(loop)
    if known is None:
        known = _HERE[loop] = Here()
    return known


class Signals:
    """Wakes the tasks of this process that wait for a name."""

    def __init__(self, pool: Pool) -> None:
        """Listen on one connection of *pool* while `run` runs."""
        self._pool = pool
        self._events: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is replaced."""
        here().add(self)
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await self._listen(connection)
            except DATABASE_ERRORS as error:
                structlog.get_logger().warning(
                    "signals.interrupted", reason=type(error).__name__
                )
            await asyncio.sleep(RETRY_SECONDS)

    def subscribed(self, *names: str) -> asyncio.Event:
        """Return what is set whenever one of *names* is signalled, from now on."""
        event = asyncio.Event()
        for name in names:
            self._events[name].add(event)
        return event

    async def wait(self, *names: str, at_most_seconds: float) -> None:
        """Return when one of *names* was signalled, or after *at_most_seconds*."""
        event = self.subscribed(*names)
        try:
            await wait_for_event(event, at_most_seconds=at_most_seconds)
        finally:
            for name in names:
                self._events[name].discard(event)

    async def _listen(self, connection: Any) -> None:
        await connection.add_listener(CHANNEL, self._heard)
        try:
            self._wake_all()  # something may have been missed while away
            while True:
                await asyncio.sleep(LIVENESS_SECONDS)
                await connection.execute("SELECT 1")
        finally:
            if not connection.is_closed():
                await connection.remove_listener(CHANNEL, self._heard)

    def wake(self, name: str) -> None:
        """Wake whoever waits for *name*."""
        for event in self._events[name]:
            event.set()

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        name = here().named(str(payload))
        if name is not None:
            self.wake(name)

    def _wake_all(self) -> None:
        for events in self._events.values():
            for event in events:
                event.set()
