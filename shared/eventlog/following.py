"""Watching the head of the log: LISTEN/NOTIFY, and a poll in case one gets lost.

Invariant: `beyond` returns as soon as the head is known to have passed a position, and
never sleeps through a restore.
"""

import asyncio
from typing import Any

import asyncpg
import structlog

from shared.errors import ServiceError
from shared.eventlog.connecting import LOST, connect
from shared.eventlog.values import Head

_PAUSE_SECONDS = 0.2
"""Between a lost connection and the next try."""

_ANSWER_SECONDS = 10.0


class LogRestoredError(ServiceError):
    """The log was restored from a backup: rebuild whatever was read from it."""


class HeadWatch:
    """Knows the position of the head, through one connection for all followers."""

    def __init__(self, database_url: str, *, poll_seconds: float) -> None:
        """Ask at least every *poll_seconds*, whatever notifications say."""
        self._url = database_url
        self._poll_seconds = poll_seconds
        self._position = 0
        self._polled = 0
        self._epoch: int | None = None
        self._restored: LogRestoredError | None = None
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, head: Head) -> None:
        """Watch from *head* on until `close`; starting twice is harmless."""
        if self._task is None:
            self._learn(head.position, head.epoch)
            self._task = asyncio.create_task(self._run(), name="log head watch")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def beyond(self, position: int) -> int:
        """Return the position of the head once it is greater than *position*.

        Raises:
            LogRestoredError: the head moved back, or the epoch changed.
        """
        while True:
            if self._restored is not None:
                raise self._restored
            if self._position > position:
                return self._position
            await self._moved.wait()

    async def _run(self) -> None:
        while True:
            try:
                await self._watch()
            except (*LOST, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "log.watch_lost", cause=type(error).__name__
                )
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _watch(self) -> None:
        """Follow the head through one connection until it is lost."""
        connection = await connect(self._url)
        try:
            await connection.add_listener("log", self._notified)
            while True:
                row = await connection.fetchrow(
                    "select position, epoch from log.head()", timeout=_ANSWER_SECONDS
                )
                if row is not None:
                    self._learn(row["position"], row["epoch"])
                await asyncio.sleep(self._poll_seconds)
        finally:
            connection.terminate()

    def _notified(self, _: Any, __: int, ___: str, payload: object) -> None:
        self._move_to(int(str(payload)))

    def _learn(self, position: int, epoch: int) -> None:
        # Compared with the last poll, not with notifications: one of those may overtake
        # the answer to a poll.
        if epoch != (self._epoch or epoch) or position < self._polled:
            self._restored = LogRestoredError(epoch=epoch, position=position)
        self._epoch, self._polled = epoch, position
        self._move_to(position)

    def _move_to(self, position: int) -> None:
        if position > self._position or self._restored is not None:
            self._position = max(position, self._position)
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()
