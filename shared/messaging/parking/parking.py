"""Parked lanes as the consumer sees them: park, append behind, find out what is known.

Invariant: a parked lane is one row, and whoever adds to it, releases it or handles it
again holds that row. While it exists no message of its key is handled out of turn.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.database import Connection, Pool
from shared.ids import derived_id
from shared.messaging.arrivals import Arrival, Problem
from shared.messaging.envelope import Headers, Record

_OPEN_LANE = """
INSERT INTO messaging.parked_lane (consumer, key, lane_id, status)
VALUES ($1, $2, $3, 'parked') ON CONFLICT (consumer, key) DO NOTHING
"""

_LOCK_LANE = """
SELECT status FROM messaging.parked_lane
WHERE consumer = $1 AND key = $2 FOR UPDATE
"""

_ADD = """
INSERT INTO messaging.parked_message
    (consumer, event_id, key, problem, error, tries, type, topic, partition,
     record_offset, record_key, record_value, record_headers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (consumer, event_id) DO NOTHING
"""

_PARKED = """
SELECT array(SELECT key FROM messaging.parked_lane
             WHERE consumer = $1 AND key = ANY($2)) AS keys,
       array(SELECT event_id FROM messaging.parked_message
             WHERE consumer = $1 AND event_id = ANY($3)) AS event_ids
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """What of a batch is parked."""

    keys: frozenset[str] = frozenset()
    """Lanes that are parked now."""
    event_ids: frozenset[UUID] = frozenset()
    """Messages that are, or once were, parked."""


def lane_id_of(consumer: str, key: str) -> UUID:
    """Return the id that names a lane in addresses and facts."""
    return derived_id("lane", consumer, key)


class Parking:
    """What one consumer parks."""

    def __init__(self, pool: Pool, consumer: str) -> None:
        self._pool = pool
        self._consumer = consumer

    async def park(
        self, arrival: Arrival, problem: Problem, *, error: str | None, tries: int
    ) -> None:
        """Park the lane of *arrival* with it; *error* is the name of what failed."""
        lane = (self._consumer, arrival.lane)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_OPEN_LANE, *lane, lane_id_of(*lane))
            await connection.fetchval(_LOCK_LANE, *lane)
            await self._add(connection, arrival, problem, error=error, tries=tries)

    async def append_behind(self, arrival: Arrival) -> bool:
        """Add *arrival* to its parked lane; False when that is no longer parked."""
        lane = (self._consumer, arrival.lane)
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_LOCK_LANE, *lane) is None:
                return False
            problem = arrival.problem or Problem.BEHIND
            await self._add(connection, arrival, problem, error=None, tries=0)
            return True

    async def parked(
        self, keys: Sequence[str] = (), event_ids: Sequence[UUID] = ()
    ) -> Parked:
        """Return which of *keys* and *event_ids* are parked."""
        (row,) = await self._pool.fetch(_PARKED, self._consumer, keys, event_ids)
        return Parked(frozenset(row["keys"]), frozenset(row["event_ids"]))

    async def _add(
        self,
        connection: Connection,
        arrival: Arrival,
        problem: Problem,
        *,
        error: str | None,
        tries: int,
    ) -> None:
        record = arrival.record
        await connection.execute(
            _ADD,
            self._consumer,
            arrival.event_id,
            arrival.lane,
            problem.value,
            error,
            tries,
            arrival.type,
            record.topic,
            record.partition,
            record.offset,
            record.key,
            record.value,
            _written(record.headers),
        )


def record_from(row: asyncpg.Record) -> Record:
    """Return the record as it was on Kafka from a row of ``parked_message``."""
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["record_offset"],
        key=row["record_key"],
        value=row["record_value"],
        headers=_read(row["record_headers"]),
    )


def _written(headers: Headers) -> bytes:
    pairs = [(name, base64.b64encode(held).decode()) for name, held in headers]
    return json.dumps(pairs).encode()


def _read(written: bytes) -> Headers:
    return tuple((name, base64.b64decode(held)) for name, held in json.loads(written))
