"""Compares what was published with what is in the inboxes and what it led to.

See ``report`` for what the numbers mean.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import structlog

from shared.database import Pool
from shared.eventlog import EventLog
from shared.messaging import metrics
from shared.messaging.reconciler.effects import EffectScan
from shared.messaging.reconciler.report import Reconciliation
from shared.messaging.trouble import DATABASE_AWAY

EVERY_SECONDS = 15.0
BATCH_MESSAGES = 5_000
MOST_EXAMPLES = 10

_CONSUMERS = "SELECT DISTINCT consumer FROM messaging.subscription ORDER BY consumer"

_EXPECTED = """
SELECT p.event_id, p.service, p.position
FROM messaging.consumer_position c
JOIN messaging.subscription s ON s.consumer = c.consumer AND s.source = c.source
JOIN messaging.published p ON p.service = c.source AND p.type = s.type
WHERE c.consumer = $1 AND p.position <= c.position
  AND (p.service, p.position) > ($2, $3)
  AND NOT EXISTS (SELECT FROM messaging.parked_message m
                  WHERE m.consumer = $1 AND m.event_id = p.event_id)
ORDER BY p.service, p.position LIMIT $4
"""

_DUPLICATED = """
SELECT coalesce(sum(runs - 1), 0)::bigint FROM messaging.effect e
WHERE e.consumer = $1
  AND EXISTS (SELECT FROM messaging.published p WHERE p.event_id = e.event_id)
"""

_OUT_OF_ORDER = """
SELECT count(*) FROM messaging.effect e
JOIN messaging.published p ON p.event_id = e.event_id
WHERE e.consumer = $1 AND EXISTS (
    SELECT FROM messaging.published later
    JOIN messaging.effect before
      ON before.event_id = later.event_id AND before.consumer = e.consumer
    WHERE later.service = p.service AND later.key = p.key
      AND later.position > p.position AND before.first_position < e.first_position)
"""

_LAG = """
SELECT c.source, r.position - c.position AS lag
FROM messaging.consumer_position c JOIN messaging.relay r ON r.service = c.source
WHERE c.consumer = $1
"""

_PARKED = """
SELECT count(*) AS waiting,
       coalesce(extract(epoch FROM clock_timestamp() - min(parked_at)), 0)::float8
           AS age
FROM messaging.parked_message WHERE consumer = $1 AND status = 'waiting'
"""


class Reconciler:
    """Counts what is lost, duplicated and out of order."""

    def __init__(
        self, pool: Pool, log: EventLog, *, consumers: Sequence[str] | None = None
    ) -> None:
        """Look at *consumers*, or at all when the role may read the whole log."""
        self._pool = pool
        self._log = log
        self._consumers = consumers
        self._scan = EffectScan(pool, log)

    async def report(self) -> tuple[Reconciliation, ...]:
        """Return the state of every consumer, in alphabetical order.

        Raises:
            UnavailableError: the database does not answer.
        """
        consumers = self._consumers
        if consumers is None:
            rows = await self._pool.fetch(_CONSUMERS)
            consumers = [row["consumer"] for row in rows]
        return tuple([await self.look_at(consumer) for consumer in consumers])

    async def look_at(self, consumer: str) -> Reconciliation:
        """Return the state of *consumer* and set its gauges."""
        await self._scan.catch_up(consumer)
        lost = await self._lost(consumer)
        lags = {
            row["source"]: row["lag"] for row in await self._pool.fetch(_LAG, consumer)
        }
        parked = await self._pool.fetchrow(_PARKED, consumer)
        found = Reconciliation(
            consumer=consumer,
            lost=len(lost),
            duplicated=await self._pool.fetchval(_DUPLICATED, consumer),
            out_of_order=await self._pool.fetchval(_OUT_OF_ORDER, consumer),
            lag=sum(lags.values()),
            parked=parked["waiting"] if parked else 0,
            parked_age_seconds=parked["age"] if parked else 0.0,
            examples=tuple(lost[:MOST_EXAMPLES]),
        )
        _set_gauges(found)
        for source, lag in lags.items():
            metrics.LAG.labels(consumer, source).set(lag)
        return found

    async def run(self) -> None:
        """Keep the gauges up to date until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                for found in await self.report():
                    if not found.sound:
                        structlog.get_logger().error(
                            "reconciler.unsound",
                            consumer=found.consumer,
                            lost=found.lost,
                            duplicated=found.duplicated,
                            out_of_order=found.out_of_order,
                            examples=[str(one) for one in found.examples],
                        )
            except (*DATABASE_AWAY, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "reconciler.interrupted", reason=type(error).__name__
                )

    async def _lost(self, consumer: str) -> list[UUID]:
        lost: list[UUID] = []
        after = ("", 0)
        while True:
            rows = await self._pool.fetch(_EXPECTED, consumer, *after, BATCH_MESSAGES)
            if not rows:
                return lost
            expected = [row["event_id"] for row in rows]
            handled = await self._log.handled(consumer, expected)
            lost.extend(one for one in expected if one not in handled)
            after = (rows[-1]["service"], rows[-1]["position"])


def _set_gauges(found: Reconciliation) -> None:
    metrics.LOST.labels(found.consumer).set(found.lost)
    metrics.DUPLICATED.labels(found.consumer).set(found.duplicated)
    metrics.OUT_OF_ORDER.labels(found.consumer).set(found.out_of_order)
    metrics.PARKED.labels(found.consumer).set(found.parked)
    metrics.PARKED_AGE.labels(found.consumer).set(found.parked_age_seconds)
