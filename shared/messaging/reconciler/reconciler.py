"""Compares what was published with what is in the inboxes and what it led to.

See ``report`` for what the numbers mean. A report reads everything, the gauges only
what is new since they were last set.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

_POSITIONS = """
SELECT c.source, c.position, greatest(coalesce(r.position, 0) - c.position, 0) AS lag
FROM messaging.consumer_position c
LEFT JOIN messaging.relay r ON r.service = c.source
WHERE c.consumer = $1
"""

_EXPECTED = """
SELECT p.event_id, p.position
FROM messaging.subscription s
JOIN messaging.published p ON p.service = s.source AND p.type = s.type
WHERE s.consumer = $1 AND s.source = $2 AND p.position > $3 AND p.position <= $4
  AND NOT EXISTS (SELECT FROM messaging.parked_message m
                  WHERE m.consumer = $1 AND m.event_id = p.event_id)
ORDER BY p.position LIMIT $5
"""

_DUPLICATED = """
SELECT coalesce(sum(runs - 1), 0)::bigint FROM messaging.effect e
WHERE e.consumer = $1 AND e.runs > 1
  AND EXISTS (SELECT FROM messaging.published p WHERE p.event_id = e.event_id)
"""

_OUT_OF_ORDER = """
SELECT count(*) FROM messaging.effect e
JOIN messaging.published p ON p.event_id = e.event_id
WHERE e.consumer = $1 AND e.first_position > $2 AND e.first_position <= $3
  AND EXISTS (
    SELECT FROM messaging.published later
    JOIN messaging.effect before
      ON before.event_id = later.event_id AND before.consumer = e.consumer
    WHERE later.service = p.service AND later.key = p.key
      AND later.position > p.position AND before.first_position < e.first_position)
"""

_PARKED = """
SELECT count(*) AS waiting,
       coalesce(extract(epoch FROM clock_timestamp() - min(parked_at)), 0)::float8
           AS age
FROM messaging.parked_message WHERE consumer = $1 AND status = 'waiting'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in order before, so that it need not be looked at again."""

    settled: Mapping[str, int] = field(default_factory=dict)
    """By source: position up to which nothing is lost."""
    ordered: int = 0
    """Position in the log up to which effects were compared."""
    out_of_order: int = 0
    """How many of those were out of order."""


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
        found = []
        for consumer in await self._names():
            reconciliation, _ = await self._look_at(consumer, Checked())
            found.append(reconciliation)
        return tuple(found)

    async def run(self) -> None:
        """Keep the gauges up to date until cancelled."""
        checked: dict[str, Checked] = {}
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                for consumer in await self._names():
                    found, checked[consumer] = await self._look_at(
                        consumer, checked.get(consumer, Checked())
                    )
                    _set_gauges(found)
            except (*DATABASE_AWAY, asyncpg.PostgresError) as error:
                structlog.get_logger().warning(
                    "reconciler.interrupted", reason=type(error).__name__
                )

    async def _names(self) -> Sequence[str]:
        if self._consumers is not None:
            return self._consumers
        return [row["consumer"] for row in await self._pool.fetch(_CONSUMERS)]

    async def _look_at(
        self, consumer: str, before: Checked
    ) -> tuple[Reconciliation, Checked]:
        scanned = await self._scan.catch_up(consumer)
        positions = await self._pool.fetch(_POSITIONS, consumer)
        lost, settled = await self._lost(consumer, positions, before)
        disordered = before.out_of_order + await self._pool.fetchval(
            _OUT_OF_ORDER, consumer, before.ordered, scanned
        )
        waiting, age = await self._parked(consumer)
        found = Reconciliation(
            consumer=consumer,
            lost=len(lost),
            duplicated=await self._pool.fetchval(_DUPLICATED, consumer),
            out_of_order=disordered,
            lag=sum(row["lag"] for row in positions),
            parked=waiting,
            parked_age_seconds=age,
            examples=tuple(lost[:MOST_EXAMPLES]),
        )
        return found, Checked(settled=settled, ordered=scanned, out_of_order=disordered)

    async def _lost(
        self, consumer: str, positions: Sequence[asyncpg.Record], before: Checked
    ) -> tuple[list[UUID], Mapping[str, int]]:
        lost: list[UUID] = []
        settled = dict(before.settled)
        for row in positions:
            source, up_to = row["source"], row["position"]
            start = settled.get(source, 0)
            missing = await self._lost_between(consumer, source, start, up_to)
            lost.extend(missing)
            if not missing:
                settled[source] = up_to
        return lost, settled

    async def _lost_between(
        self, consumer: str, source: str, start: int, up_to: int
    ) -> list[UUID]:
        lost: list[UUID] = []
        while rows := await self._pool.fetch(
            _EXPECTED, consumer, source, start, up_to, BATCH_MESSAGES
        ):
            expected = [row["event_id"] for row in rows]
            handled = await self._log.handled(consumer, expected)
            lost.extend(one for one in expected if one not in handled)
            start = rows[-1]["position"]
        return lost

    async def _parked(self, consumer: str) -> tuple[int, float]:
        row = await self._pool.fetchrow(_PARKED, consumer)
        return (row["waiting"], row["age"]) if row else (0, 0.0)


def _set_gauges(found: Reconciliation) -> None:
    metrics.LOST.labels(found.consumer).set(found.lost)
    metrics.DUPLICATED.labels(found.consumer).set(found.duplicated)
    metrics.OUT_OF_ORDER.labels(found.consumer).set(found.out_of_order)
    metrics.LAG.labels(found.consumer).set(found.lag)
    metrics.PARKED.labels(found.consumer).set(found.parked)
    metrics.PARKED_AGE.labels(found.consumer).set(found.parked_age_seconds)
    if not found.sound:
        structlog.get_logger().error(
            "reconciler.unsound",
            consumer=found.consumer,
            lost=found.lost,
            duplicated=found.duplicated,
            out_of_order=found.out_of_order,
            examples=[str(one) for one in found.examples],
        )
