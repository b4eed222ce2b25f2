"""Watching the head of the log: LISTEN/NOTIFY, and a poll in case one gets lost.

Invariant: `beyond` returns as soon as there may be something for this role beyond a
position, soon after there is something of others, and never sleeps through a restore or
a crash of the database. Positions count as unwanted only when notifications say so of
each of them.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from shared.errors import ServiceError
from shared.eventlog.connecting import LOST, connect
from shared.eventlog.values import Head

_PAUSE_SECONDS = 0.2
"""Between a lost connection and the next try."""

_ANSWER_SECONDS = 10.0

PASSING_SECONDS = 0.05
"""How long followers are left alone with what is only others': most of what is appended
is, and to be woken for each of it was most of what a quiet service did."""


class LogRestoredError(ServiceError):
    """The log was restored from a backup: rebuild whatever was read from it."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Where the log ends, and up to where there may be something to read."""

    position: int
    wanted: int
    """Everything after this position is of categories that the follower leaves out."""
    returns: int = 0
    """How often the connection was lost and PostgreSQL was back."""


class HeadWatch:
    """Knows the position of the head, through one connection for all followers."""

    def __init__(self, database_url: str, *, poll_seconds: float) -> None:
        """Ask at least every *poll_seconds*, whatever notifications say."""
        self._url = database_url
        self._poll_seconds = poll_seconds
        self._position = 0
        self._written: dict[str, int] = {}
        """By category up to where there may be something of it."""
        self._untold = 0
        """Up to where there may be something of any category."""
        self._polled = 0
        self._categories: frozenset[str] | None = None
        self._epoch: int | None = None
        self._restored: LogRestoredError | None = None
        self._lost = False
        self.returns = 0
        """How often the connection was lost and PostgreSQL was back."""
        self._moved = asyncio.Event()
        self._waking: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, head: Head, categories: frozenset[str] | None) -> None:
        """Watch from *head* on until `close`; starting twice is harmless.

        *categories* are those that this role may read; None is all.
        """
        if self._task is None:
            self._categories = categories
            self._learn(head.position, head.epoch)
            self._task = asyncio.create_task(self._run(), name="log head watch")

    async def close(self) -> None:
        if self._waking is not None:
            self._waking.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def beyond(
        self, position: int, wanted: frozenset[str] | None, *, returns: int = 0
    ) -> Beyond:
        """Return where the log ends once that is greater than *position*.

        Also once PostgreSQL was back more than *returns* times, whatever the position.
        *wanted* are the categories of the follower; None is all.

        Raises:
            LogRestoredError: the head moved back, or the epoch changed.
        """
        while True:
            if self._restored is not None:
                raise self._restored
            if self._position > position or self.returns > returns:
                return Beyond(self._position, self._last_of(wanted), self.returns)
            await self._moved.wait()

    def _last_of(self, wanted: frozenset[str] | None) -> int:
        if wanted is None:
            return self._position
        return max((self._untold, *(self._written.get(one, 0) for one in wanted)))

    async def _run(self) -> None:
        while True:
            try:
                await self._watch()
            except (*LOST, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "log.watch_lost", cause=type(error).__name__
                )
                self._lost = True
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
                    self._answered()
                await asyncio.sleep(self._poll_seconds)
        finally:
            connection.terminate()

    def _answered(self) -> None:
        """Let every follower look where PostgreSQL had been away."""
        if self._lost:
            self._lost = False
            self.returns += 1
            self._wake()

    def _notified(self, _: Any, __: int, ___: str, payload: object) -> None:
        start, position, *written = str(payload).split(" ")
        self._written.update(dict.fromkeys(written, int(position)))
        if int(start) > self._position:
            self._untold = int(start)
        is_ours = self._categories is None or not self._categories.isdisjoint(written)
        self._move_to(int(position), at_once=is_ours or int(start) > self._position)

    def _learn(self, position: int, epoch: int) -> None:
        # Compared with the last poll, not with notifications: one of those may overtake
        # the answer to a poll.
        if epoch != (self._epoch or epoch) or position < self._polled:
            self._restored = LogRestoredError(epoch=epoch, position=position)
        self._epoch, self._polled = epoch, position
        if position > self._position:
            self._untold = position
        self._move_to(position, at_once=True)

    def _move_to(self, position: int, *, at_once: bool) -> None:
        if position > self._position or self._restored is not None:
            self._position = max(position, self._position)
            if at_once:
                self._wake()
            elif self._waking is None:
                loop = asyncio.get_running_loop()
                self._waking = loop.call_later(PASSING_SECONDS, self._wake)

    def _wake(self) -> None:
        """Let every follower look."""
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
