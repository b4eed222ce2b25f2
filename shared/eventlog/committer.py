"""Group commit: one task takes every unit that waits into one call.

Invariant: nobody is told "written" before PostgreSQL has committed, and after a lost
connection nobody is told anything before the same event ids were submitted again.
"""

import asyncio
from collections import deque
from dataclasses import dataclass

import asyncpg
import structlog

from shared.errors import UnavailableError
from shared.eventlog.connecting import LOST, connect
from shared.eventlog.group import (
    APPEND,
    APPEND_ONE,
    Answers,
    arguments,
    fellows,
    lone_arguments,
)
from shared.eventlog.refusals import refusal
from shared.eventlog.values import Appended, UnitOfWork

MAX_GROUP = 512
"""Units a call: more makes the first of them wait longer and gains nothing."""

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 1.0


class OutcomeUnknownError(UnavailableError):
    """The log did not confirm in time: the same request may be sent again."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A unit of work, and the caller who waits for what becomes of it."""

    work: UnitOfWork
    outcome: "asyncio.Future[Appended]"
    deadline: float

    def tell(self, outcome: Appended | BaseException) -> None:
        if self.outcome.done():  # the caller was cancelled
            return
        if isinstance(outcome, BaseException):
            self.outcome.set_exception(outcome)
        else:
            self.outcome.set_result(outcome)


class Committer:
    """Appends units of work for many callers through one connection."""

    def __init__(
        self, database_url: str, *, deadline_seconds: float, call_seconds: float
    ) -> None:
        """Give up on a caller after *deadline_seconds*, on a call *call_seconds*."""
        self._url = database_url
        self._deadline_seconds = deadline_seconds
        self._call_seconds = call_seconds
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, then commit until `close`; errors are those of `LOST`."""
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="log committer")
        self._task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Answer everybody who waits, within their deadlines, then disconnect."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await asyncio.wait([self._task])
        self._disconnect()

    @property
    def problem(self) -> str | None:
        """Why nothing can be appended now, or None."""
        if self._task is None or self._task.done():
            return "nothing is appended: the committer has stopped"
        if self._connection is None:
            return "nothing is appended: PostgreSQL does not answer"
        return None

    async def append(self, work: UnitOfWork) -> Appended:
        """Return what became of *work*; see `EventLog.append`."""
        if self._closing or self._task is None or self._task.done():
            raise UnavailableError("This log is closed.")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(
            work, loop.create_future(), loop.time() + self._deadline_seconds
        )
        self._waiting.append(waiting)
        self._arrived.set()
        return await waiting.outcome

    async def _run(self) -> None:
        pause_seconds = 0.0
        while self._waiting or not self._closing:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            group = self._take()
            try:
                await self._commit(group)
            except LOST as error:
                structlog.get_logger().warning(
                    "log.connection_lost", cause=type(error).__name__, units=len(group)
                )
                self._waiting.extendleft(
                    one for one in reversed(group) if not one.outcome.done()
                )
                # At once, unless it connects but cannot write: a full disk, a standby.
                await asyncio.sleep(pause_seconds)
                pause_seconds = _longer(pause_seconds)
                await self._reconnect()
            except BaseException:  # cancelled: nobody else will tell them
                for one in group:
                    one.tell(OutcomeUnknownError())
                raise
            else:
                pause_seconds = 0.0

    def _take(self) -> list[_Waiting]:
        """Return the next group: in order of arrival, without the cancelled."""
        group: list[_Waiting] = []
        while self._waiting and len(group) < MAX_GROUP:
            waiting = self._waiting.popleft()
            if not waiting.outcome.done():
                group.append(waiting)
        fitting = fellows([one.work for one in group])
        self._waiting.extendleft(reversed(group[fitting:]))
        return group[:fitting]

    async def _commit(self, group: list[_Waiting]) -> None:
        """Carry out *group* and tell its callers; raises only what is in `LOST`."""
        if not group:
            return
        try:
            answers = await self._call([one.work for one in group])
        except LOST:
            raise
        except Exception as error:  # noqa: BLE001 - its caller is told, the rest go on
            if len(group) == 1:
                group[0].tell(_told(error))
                return
            # One unit spoils the call for all, and the call does not say which.
            for one in group:
                await self._commit([one])
        else:
            for unit, one in enumerate(group):
                one.tell(answers[unit])

    async def _call(self, works: list[UnitOfWork]) -> Answers:
        lone = lone_arguments(works[0]) if len(works) == 1 else None
        statement = self._append if lone is None else self._append_one
        given = arguments(works) if lone is None else lone
        rows = await statement.fetch(*given, timeout=self._call_seconds)
        return Answers(*rows[0])

    async def _connect(self) -> None:
        self._connection = await connect(
            self._url, transaction_seconds=self._call_seconds
        )
        self._append = await self._connection.prepare(APPEND)
        self._append_one = await self._connection.prepare(APPEND_ONE)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _reconnect(self) -> None:
        """Connect again, however long it takes; whoever is overdue is told so."""
        pause_seconds = _longer(0.0)
        while True:
            self._disconnect()
            self._give_up_overdue()
            if self._closing and not self._waiting:
                return
            try:
                await self._connect()
            except (*LOST, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "log.reconnect_failed", cause=type(error).__name__
                )
                await asyncio.sleep(pause_seconds)
                pause_seconds = _longer(pause_seconds)
            else:
                return

    def _give_up_overdue(self) -> None:
        now = asyncio.get_running_loop().time()
        for waiting in self._waiting:
            if waiting.deadline <= now:
                waiting.tell(OutcomeUnknownError())
        self._waiting = deque(one for one in self._waiting if not one.outcome.done())

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Leave nobody waiting for a committer that is gone."""
        error = None if task.cancelled() else task.exception()
        for waiting in self._waiting:
            waiting.tell(error or UnavailableError("This log is closed."))


def _longer(pause_seconds: float) -> float:
    """Return how long to wait before the next try, after *pause_seconds*."""
    doubled = max(2 * pause_seconds, _FIRST_PAUSE_SECONDS)
    return min(doubled, _LONGEST_PAUSE_SECONDS)


def _told(error: Exception) -> Exception:
    """Return what the caller of the only unit of a failed call is told."""
    if isinstance(error, asyncpg.PostgresError):
        return refusal(error) or error
    structlog.get_logger().error("log.append_failed", cause=type(error).__name__)
    return error
