"""Works through a batch: keys at the same time, each key in its own order.

Invariant: when `LaneWork.settle` returns, every message of the batch is handled, known,
for others, or parked. It never raises for a message, only when cancelled.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import structlog

from shared.errors import ServiceError
from shared.eventlog import EventLog
from shared.messaging.arrivals import Arrival, Problem
from shared.messaging.consuming.patience import pause, problem_with
from shared.messaging.contracts import name_of
from shared.messaging.declarations import Consumer
from shared.messaging.metrics import ARRIVALS, RETRIES
from shared.messaging.parking.parking import Parking
from shared.messaging.trouble import DATABASE_AWAY, until_answered

LONGEST_TRYING_SECONDS = 60.0
"""For all tries of all messages of a batch, as long as the database answers: the next
batch has to be asked for well within ``max_poll_interval_ms``."""

LEAST_TRYING_SECONDS = 5.0
"""What a message has in any case: ours end in one short append. 500 messages, 32 at a
time, take 80 seconds more."""


class HandlingFailedError(Exception):
    """A message was tried often enough; it has to be parked."""

    def __init__(self, problem: Problem, *, error: str, tries: int) -> None:
        """Keep the code of the *problem* and the name of the last *error*."""
        super().__init__(error)
        self.problem = problem
        self.error = error
        self.tries = tries


class LaneWork:
    """Handles, skips or parks the messages of one consumer."""

    def __init__(
        self, *, consumer: Consumer, log: EventLog, parking: Parking, keys_at_once: int
    ) -> None:
        self._consumer = consumer
        self._log = log
        self._parking = parking
        self._turns = asyncio.Semaphore(keys_at_once)

    async def settle(self, arrivals: Sequence[Arrival]) -> None:
        """Return when each of *arrivals*, in order of their lanes, is settled."""
        lanes: defaultdict[str, list[Arrival]] = defaultdict(list)
        for arrival in arrivals:
            lanes[arrival.lane].append(arrival)
        event_ids = [arrival.event_id for arrival in arrivals]
        handled, parked = await asyncio.gather(
            until_answered(lambda: self.known(event_ids)),
            until_answered(lambda: self._parking.parked(list(lanes), event_ids)),
        )
        known = handled | parked.event_ids
        deadline = _now() + LONGEST_TRYING_SECONDS
        async with asyncio.TaskGroup() as group:
            for lane, items in lanes.items():
                group.create_task(
                    self._settle_lane(
                        items, known, deadline, parked=lane in parked.keys
                    )
                )

    async def handle(self, arrival: Arrival, *, deadline: float = 0.0) -> None:
        """Handle one message, patiently, until *deadline* in the time of the loop.

        It has `LEAST_TRYING_SECONDS` in any case, and what the database is away comes
        on top.

        Raises:
            HandlingFailedError: it was tried often enough.
        """
        message = arrival.message
        if message is None:
            raise HandlingFailedError(
                arrival.problem or Problem.FAILED, error="Unreadable", tries=0
            )
        handler = self._consumer.by_type[name_of(type(message.body))]
        deadline = max(deadline, _now() + LEAST_TRYING_SECONDS)
        failed_tries = 0
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    await handler(message)
            except Exception as error:
                failed_tries += 1
                deadline += await self._database_back(error)
                if await self._may_try_again(arrival, error, failed_tries, deadline):
                    continue
                if await self._handled_elsewhere(arrival):
                    return
                raise HandlingFailedError(
                    problem_with(error), error=name_of_error(error), tries=failed_tries
                ) from error
            else:
                return

    async def known(self, event_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return those of *event_ids* that the inbox holds."""
        return await self._log.handled(self._consumer.name, event_ids)

    async def _settle_lane(
        self,
        arrivals: Sequence[Arrival],
        known: frozenset[UUID],
        deadline: float,
        *,
        parked: bool,
    ) -> None:
        settled: set[UUID] = set()
        async with self._turns:
            for arrival in arrivals:
                if arrival.event_id in known or arrival.event_id in settled:
                    outcome = "known"
                else:
                    outcome = await self._settle_one(arrival, deadline, parked=parked)
                settled.add(arrival.event_id)
                parked = parked or outcome == "parked"
                ARRIVALS.labels(self._consumer.name, outcome).inc()

    async def _settle_one(
        self, arrival: Arrival, deadline: float, *, parked: bool
    ) -> str:
        if arrival.message is None and arrival.problem is None:
            return "skipped"
        if parked and await until_answered(
            lambda: self._parking.append_behind(arrival)
        ):
            return "behind"
        try:
            await self.handle(arrival, deadline=deadline)
        except HandlingFailedError as failed:
            await self._park(arrival, failed)
            return "parked"
        return "handled"

    async def _database_back(self, error: Exception) -> float:
        """Return, when the database answers, how many seconds that took.

        Its absence is not the message's fault, and nothing could be parked.
        """
        if not isinstance(error, DATABASE_AWAY):
            return 0.0
        asked_at = _now()
        await until_answered(self._parking.parked)
        return _now() - asked_at

    async def _may_try_again(
        self, arrival: Arrival, error: Exception, failed_tries: int, deadline: float
    ) -> bool:
        """Return when it is time to try again, or False when enough was tried."""
        RETRIES.labels(self._consumer.name).inc()
        return await pause(
            error, failed_tries=failed_tries, seed=arrival.event_id, deadline=deadline
        )

    async def _handled_elsewhere(self, arrival: Arrival) -> bool:
        """Tell whether another member, which took over meanwhile, has handled it."""
        return bool(await until_answered(lambda: self.known([arrival.event_id])))

    async def _park(self, arrival: Arrival, failed: HandlingFailedError) -> None:
        await until_answered(
            lambda: self._parking.park(
                arrival, failed.problem, error=failed.error, tries=failed.tries
            )
        )
        structlog.get_logger().error(
            "message.parked",
            consumer=self._consumer.name,
            event_id=str(arrival.event_id),
            problem=failed.problem.value,
            error=failed.error,
            tries=failed.tries,
        )


def name_of_error(error: Exception) -> str:
    """Return the name of *error*: a code, never its words, which may quote a value."""
    return error.code if isinstance(error, ServiceError) else type(error).__name__


def _now() -> float:
    return asyncio.get_running_loop().time()
