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
from shared.messaging.consuming.patience import HOPELESS, patience_with, pause
from shared.messaging.contracts import name_of
from shared.messaging.declarations import Consumer
from shared.messaging.metrics import ARRIVALS, RETRIES
from shared.messaging.parking.parking import Parking
from shared.messaging.trouble import DATABASE_AWAY, until_answered

LONGEST_HANDLING_SECONDS = 60.0
"""A handler that takes longer counts as failed; ours end in one short append."""


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
        known, parked = await asyncio.gather(
            self._known([arrival.event_id for arrival in arrivals]),
            until_answered(lambda: self._parking.parked_keys(list(lanes))),
        )
        async with asyncio.TaskGroup() as group:
            for lane, items in lanes.items():
                group.create_task(
                    self._settle_lane(items, known, parked=lane in parked)
                )

    async def handle(self, arrival: Arrival) -> None:
        """Handle one message, patiently.

        Raises:
            HandlingFailedError: it was tried often enough.
        """
        message = arrival.message
        if message is None:
            raise HandlingFailedError(
                arrival.problem or Problem.FAILED, error="Unreadable", tries=0
            )
        handler = self._consumer.by_type[name_of(type(message.body))]
        failed_tries = 0
        while True:
            try:
                async with asyncio.timeout(LONGEST_HANDLING_SECONDS):
                    await handler(message)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is parked
                failed_tries += 1
                await self._after_failure(arrival, error, failed_tries)
            else:
                return

    async def known(self, event_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Return those of *event_ids* that the inbox holds."""
        return await self._log.handled(self._consumer.name, event_ids)

    async def _known(self, event_ids: Sequence[UUID]) -> frozenset[UUID]:
        handled, parked = await asyncio.gather(
            until_answered(lambda: self.known(event_ids)),
            until_answered(lambda: self._parking.parked_ids(event_ids)),
        )
        return handled | parked

    async def _settle_lane(
        self, arrivals: Sequence[Arrival], known: frozenset[UUID], *, parked: bool
    ) -> None:
        settled: set[UUID] = set()
        async with self._turns:
            for arrival in arrivals:
                if arrival.event_id in known or arrival.event_id in settled:
                    outcome = "known"
                else:
                    outcome = await self._settle_one(arrival, parked=parked)
                settled.add(arrival.event_id)
                parked = parked or outcome == "parked"
                ARRIVALS.labels(self._consumer.name, outcome).inc()

    async def _settle_one(self, arrival: Arrival, *, parked: bool) -> str:
        if arrival.message is None and arrival.problem is None:
            return "skipped"
        if parked and await until_answered(
            lambda: self._parking.append_behind(arrival)
        ):
            return "behind"
        try:
            await self.handle(arrival)
        except HandlingFailedError as failed:
            await self._park(arrival, failed)
            return "parked"
        return "handled"

    async def _after_failure(
        self, arrival: Arrival, error: Exception, failed_tries: int
    ) -> None:
        """Return when it is time to try again.

        Raises:
            HandlingFailedError: it was tried often enough.
        """
        if isinstance(error, DATABASE_AWAY):
            # Not the message's fault, and nothing could be parked: wait for it.
            await until_answered(lambda: self._parking.parked_keys([]))
        RETRIES.labels(self._consumer.name).inc()
        if await pause(error, failed_tries=failed_tries, seed=arrival.event_id):
            return
        refused = patience_with(error) is HOPELESS
        raise HandlingFailedError(
            Problem.REFUSED if refused else Problem.FAILED,
            error=name_of_error(error),
            tries=failed_tries,
        ) from error

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
