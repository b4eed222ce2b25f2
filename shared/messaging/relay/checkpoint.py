"""Where a relay stands: position, era, and what the broker confirmed per partition.

Invariant: position, confirmed offsets and the list of published messages move in one
statement that checks the term and the position before. A checkpoint may be lost in a
crash of the database (it is not waited for on disk): then the next does not follow, the
relay reads anew where it stands, and some messages are published twice, which is
harmless.
"""

import asyncpg

from shared.database import Connection, Pool
from shared.messaging.era import Era, Filling
from shared.messaging.errors import FencedError
from shared.messaging.relay.lease import Lease
from shared.messaging.relay.standing import ConfirmedRecord, Standing, Step
from shared.messaging.signals import CHANNEL, generation_signal, send_signal

_READ = """
SELECT position, log_id, epoch, generation, wanted
FROM messaging.relay WHERE service = $1
"""

_READ_CONFIRMED = """
SELECT partition, record_offset, ce_id, position
FROM messaging.confirmed WHERE service = $1
"""

_READ_PREVIOUS = """
SELECT partition, max(position) AS position
FROM messaging.published WHERE service = $1 AND position <= $2
GROUP BY partition
"""

_SAVE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
fence AS (
    UPDATE messaging.relay SET position = $3
    FROM quick
    WHERE service = $1 AND term = $2 AND epoch = $4 AND generation = $5
      AND position = $17
    RETURNING service
),
listed AS (
    INSERT INTO messaging.published
        (service, position, event_id, type, key, partition)
    SELECT fence.service, one.*
    FROM fence, unnest($6::bigint[], $7::uuid[], $8::text[], $9::text[],
                       $10::smallint[]) AS one
    ON CONFLICT DO NOTHING
),
marked AS (
    INSERT INTO messaging.confirmed
        (service, partition, record_offset, ce_id, position)
    SELECT fence.service, one.*
    FROM fence, unnest($11::smallint[], $12::bigint[], $13::uuid[],
                       $14::bigint[]) AS one
    ON CONFLICT (service, partition) DO UPDATE
    SET record_offset = excluded.record_offset, ce_id = excluded.ce_id,
        position = excluded.position
)
SELECT (SELECT count(*) FROM fence),
       (SELECT count(pg_notify($15, one)) FROM fence, unnest($16::text[]) AS one)
"""

_SMALLEST_CONSUMER_POSITION = """
SELECT coalesce(min(position), 0) FROM messaging.consumer_position WHERE source = $1
"""

_BEGIN_ERA = """
UPDATE messaging.relay
SET epoch = $3, generation = $4, position = least(position, $5), wanted = false
WHERE service = $1 AND term = $2
RETURNING true
"""


class Checkpoints:
    """Reads and writes the standing of one service's relay."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, service: str) -> Standing:
        """Return where the relay of *service* stands."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_READ, service)
            if row is None:
                raise FencedError  # somebody deleted what the lease had created
            confirmed = await connection.fetch(_READ_CONFIRMED, service)
            previous = await connection.fetch(_READ_PREVIOUS, service, row["position"])
        return Standing(
            position=row["position"],
            filling=Filling(
                log_id=row["log_id"],
                era=Era(epoch=row["epoch"], generation=row["generation"]),
            ),
            wanted=row["wanted"],
            confirmed={one["partition"]: _confirmed(one) for one in confirmed},
            previous={one["partition"]: one["position"] for one in previous},
        )

    async def save(self, lease: Lease, era: Era, step: Step) -> None:
        """Store *step*, and send its signals.

        Raises:
            FencedError: this is no longer the relay of the service, or of the era, or
                the database does not stand where the step begins.
        """
        written = await self._pool.fetchval(
            _SAVE,
            lease.service,
            lease.term,
            step.position,
            era.epoch,
            era.generation,
            [one.event.position for one in step.sent],
            [one.event.event_id for one in step.sent],
            [one.type for one in step.sent],
            [one.key for one in step.sent],
            [one.partition for one in step.sent],
            [one.partition for one in step.confirmed],
            [one.offset for one in step.confirmed],
            [one.ce_id for one in step.confirmed],
            [one.position for one in step.confirmed],
            CHANNEL,
            list(step.signals),
            step.after,
        )
        if not written:
            raise FencedError

    async def begin_era(self, lease: Lease, era: Era) -> None:
        """Replace the era: publish again what the slowest consumer may lack.

        Raises:
            FencedError: this is no longer the relay of the service.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            start = await connection.fetchval(
                _SMALLEST_CONSUMER_POSITION, lease.service
            )
            await self._replace(connection, lease, era, start)
            await send_signal(connection, generation_signal(lease.service))

    async def _replace(
        self, connection: Connection, lease: Lease, era: Era, start: int
    ) -> None:
        if not await connection.fetchval(
            _BEGIN_ERA, lease.service, lease.term, era.epoch, era.generation, start
        ):
            raise FencedError
        await connection.execute(
            "DELETE FROM messaging.confirmed WHERE service = $1", lease.service
        )

    async def confirmed(self, service: str) -> tuple[ConfirmedRecord, ...]:
        """Return the last confirmed record of every partition of the present era."""
        rows = await self._pool.fetch(_READ_CONFIRMED, service)
        return tuple(_confirmed(row) for row in rows)

    async def wanted(self, service: str) -> bool:
        """Return whether a consumer asked for a new generation."""
        asked = await self._pool.fetchval(
            "SELECT wanted FROM messaging.relay WHERE service = $1", service
        )
        return bool(asked)


def _confirmed(row: asyncpg.Record) -> ConfirmedRecord:
    return ConfirmedRecord(
        partition=row["partition"],
        offset=row["record_offset"],
        ce_id=row["ce_id"],
        position=row["position"],
    )
