"""Handles released lanes again, in order, in the process of their consumer.

Invariant: the lane's row is locked while one of its messages is handled, and given free
between two, so nothing can be appended, discarded or handled beside it.
"""

import asyncio

import asyncpg
import structlog

from shared.database import Connection, Pool
from shared.messaging.arrivals import READABLE_LATER, Problem, Reader
from shared.messaging.consuming.lanes import HandlingFailedError, LaneWork
from shared.messaging.parking.parking import record_from
from shared.messaging.signals import Signals, released_signal
from shared.messaging.trouble import DATABASE_AWAY

POLL_SECONDS = 5.0

TRY_AGAIN_SECONDS = 60
"""After so long a message is tried again that needed something that was away."""

_RELEASED = """
SELECT key FROM messaging.parked_lane
WHERE consumer = $1 AND status = 'released' ORDER BY parked_at
"""

_LOCK = """
SELECT true FROM messaging.parked_lane
WHERE consumer = $1 AND key = $2 AND status = 'released' FOR UPDATE SKIP LOCKED
"""

_HEAD = """
SELECT event_id, tries, topic, partition, record_offset, record_key, record_value,
       record_headers
FROM messaging.parked_message
WHERE consumer = $1 AND key = $2 AND status = 'waiting' ORDER BY number LIMIT 1
"""

_SETTLE = """
UPDATE messaging.parked_message
SET status = 'handled', settled_at = clock_timestamp()
WHERE consumer = $1 AND event_id = $2
"""

_PARK_AGAIN = """
UPDATE messaging.parked_message
SET problem = $3, error = $4, tries = tries + $5, tried_at = clock_timestamp()
WHERE consumer = $1 AND event_id = $2
"""

_STATUS = """
UPDATE messaging.parked_lane SET status = $3 WHERE consumer = $1 AND key = $2
"""

_CLOSE = "DELETE FROM messaging.parked_lane WHERE consumer = $1 AND key = $2"

_RELEASE_UNAVAILABLE = """
UPDATE messaging.parked_lane AS lane SET status = 'released'
FROM (
    SELECT DISTINCT ON (m.key) m.key, m.problem, m.tried_at
    FROM messaging.parked_message m
    WHERE m.consumer = $1 AND m.status = 'waiting' ORDER BY m.key, m.number
) AS head
WHERE lane.consumer = $1 AND lane.key = head.key AND lane.status = 'parked'
  AND head.problem = $2
  AND head.tried_at <= clock_timestamp() - make_interval(secs => $3)
"""

_UNREADABLE_HEADS = """
SELECT DISTINCT ON (m.key) m.key, m.problem, m.topic, m.partition, m.record_offset,
       m.record_key, m.record_value, m.record_headers
FROM messaging.parked_message m
WHERE m.consumer = $1 AND m.status = 'waiting' ORDER BY m.key, m.number
"""


class Releases:
    """Takes up the released lanes of one consumer."""

    def __init__(
        self,
        *,
        consumer: str,
        pool: Pool,
        signals: Signals,
        reader: Reader,
        work: LaneWork,
    ) -> None:
        self._consumer = consumer
        self._pool = pool
        self._signals = signals
        self._reader = reader
        self._work = work

    async def run(self) -> None:
        """Handle released lanes until cancelled."""
        while True:
            try:
                await self.release_readable()
                while True:
                    await self.release_unavailable()
                    await self.handle_released()
                    await self._signals.wait(
                        released_signal(self._consumer), at_most_seconds=POLL_SECONDS
                    )
            except (*DATABASE_AWAY, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "lanes.interrupted",
                    consumer=self._consumer,
                    reason=type(error).__name__,
                )
            await asyncio.sleep(1.0)

    async def release_readable(self) -> None:
        """Release the lanes whose first message can be read by this version."""
        for row in await self._pool.fetch(_UNREADABLE_HEADS, self._consumer):
            if row["problem"] not in READABLE_LATER:
                continue
            if self._reader(record_from(row)).problem is None:
                await self._pool.execute(
                    _STATUS, self._consumer, row["key"], "released"
                )

    async def release_unavailable(self) -> None:
        """Release the lanes whose first message needed something that was away."""
        await self._pool.execute(
            _RELEASE_UNAVAILABLE,
            self._consumer,
            Problem.UNAVAILABLE.value,
            TRY_AGAIN_SECONDS,
        )

    async def handle_released(self) -> None:
        """Work through every released lane once."""
        for row in await self._pool.fetch(_RELEASED, self._consumer):
            while await self._handle_head(row["key"]):
                pass

    async def _handle_head(self, key: str) -> bool:
        """Handle the first message of a lane; False when the lane is done."""
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_LOCK, self._consumer, key):
                return False
            row = await connection.fetchrow(_HEAD, self._consumer, key)
            if row is None:
                await connection.execute(_CLOSE, self._consumer, key)
                return False
            return await self._handle_again(connection, key, row)

    async def _handle_again(
        self, connection: Connection, key: str, row: asyncpg.Record
    ) -> bool:
        event_id = row["event_id"]
        arrival = self._reader(record_from(row))
        for_others = arrival.message is None and arrival.problem is None
        if not for_others and event_id not in await self._work.known([event_id]):
            try:
                await self._work.handle(arrival)
            except HandlingFailedError as failed:
                await connection.execute(
                    _PARK_AGAIN,
                    self._consumer,
                    event_id,
                    failed.problem.value,
                    failed.error,
                    failed.tries,
                )
                await connection.execute(_STATUS, self._consumer, key, "parked")
                return False
        await connection.execute(_SETTLE, self._consumer, event_id)
        return True
