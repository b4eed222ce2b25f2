"""Parked lanes as operators see them: list, release, discard.

Invariant: each decision is carried out once, under the id of the fact that records it;
carrying it out again changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database import Connection, Pool
from shared.errors import NotFoundError
from shared.messaging.parking.values import ParkedLane, ParkedMessage
from shared.messaging.signals import released_signal, send_signal

MOST_LANES = 501
"""Of a list: a page, and one more that tells that it goes on with *after*."""


_LANES = """
SELECT l.lane_id::text, l.consumer, l.key, l.status, l.parked_at,
       w.waiting, h.event_id AS head_event_id, h.problem, h.error, h.type
FROM messaging.parked_lane l
CROSS JOIN LATERAL (
    SELECT count(*) AS waiting, min(number) AS first
    FROM messaging.parked_message m
    WHERE m.consumer = l.consumer AND m.key = l.key AND m.status = 'waiting'
) w
JOIN messaging.parked_message h ON h.number = w.first AND h.consumer = l.consumer
    AND h.key = l.key
"""

_LIST = (
    _LANES
    + """
WHERE ($1::text IS NULL OR l.consumer = $1)
  AND (l.parked_at, l.lane_id) > (coalesce($2::timestamptz, '-infinity'), $3::uuid)
ORDER BY l.parked_at, l.lane_id LIMIT $4
"""
)

_GET = _LANES + "WHERE l.lane_id = $1"

_MESSAGES = """
SELECT m.event_id, m.type, m.topic, m.partition, m.record_offset AS "offset",
       m.problem, m.error, m.tries, m.parked_at
FROM messaging.parked_lane l
JOIN messaging.parked_message m
  ON m.consumer = l.consumer AND m.key = l.key AND m.status = 'waiting'
WHERE l.lane_id = $1 ORDER BY m.number
"""

_LOCK = """
SELECT consumer, key FROM messaging.parked_lane WHERE lane_id = $1 FOR UPDATE
"""

_DECIDE = """
INSERT INTO messaging.lane_decision (decided_by, kind, consumer, key, event_id)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true
"""

_DECIDED = "SELECT true FROM messaging.lane_decision WHERE decided_by = $1"

_RELEASE = """
UPDATE messaging.parked_lane SET status = 'released', decided_by = $3
WHERE consumer = $1 AND key = $2
"""

_DISCARD = """
UPDATE messaging.parked_message
SET status = 'discarded', settled_at = clock_timestamp(), decided_by = $4
WHERE consumer = $1 AND key = $2 AND event_id = $3 AND status = 'waiting'
RETURNING true
"""

_CLOSE_IF_EMPTY = """
DELETE FROM messaging.parked_lane l
WHERE l.consumer = $1 AND l.key = $2 AND NOT EXISTS (
    SELECT FROM messaging.parked_message m
    WHERE m.consumer = l.consumer AND m.key = l.key AND m.status = 'waiting')
"""


class ParkedLanes:
    """What is parked, for whoever decides about it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self,
        *,
        consumer: str | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 100,
    ) -> Sequence[ParkedLane]:
        """Return the parked lanes, longest parked first.

        *after* is when the last one already seen was parked, and its id.
        """
        parked_at, lane_id = after or (None, UUID(int=0))
        rows = await self._pool.fetch(
            _LIST,
            consumer,
            parked_at,
            lane_id,
            min(limit, MOST_LANES),
        )
        return tuple(ParkedLane(**row) for row in rows)

    async def get(self, lane_id: str) -> ParkedLane | None:
        """Return the lane, or None when none with that id is parked."""
        try:
            wanted = UUID(lane_id)
        except ValueError:
            return None
        row = await self._pool.fetchrow(_GET, wanted)
        return None if row is None else ParkedLane(**row)

    async def messages(self, lane_id: str) -> Sequence[ParkedMessage]:
        """Return what waits in the lane, in the order in which it will be handled."""
        rows = await self._pool.fetch(_MESSAGES, UUID(lane_id))
        return tuple(ParkedMessage(**row) for row in rows)

    async def release(self, lane_id: str, *, decided_by: UUID) -> None:
        """Let the lane be handled again, in order, by its consumer.

        *decided_by* is the event id of the fact that says who decided it and why.

        Raises:
            NotFoundError: no such lane is parked, and this decision is a new one.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            lane = await _decide(connection, lane_id, decided_by, kind="release")
            if lane is None:
                return
            await connection.execute(_RELEASE, *lane, decided_by)
            await send_signal(connection, released_signal(lane[0]))

    async def discard(self, lane_id: str, event_id: UUID, *, decided_by: UUID) -> None:
        """Give up one message of the lane; what is behind it stays parked.

        A lane without waiting messages is open again. Errors as in `release`;
        NotFoundError also when the message does not wait in the lane.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            lane = await _decide(
                connection, lane_id, decided_by, kind="discard", event_id=event_id
            )
            if lane is None:
                return
            if not await connection.fetchval(_DISCARD, *lane, event_id, decided_by):
                raise NotFoundError(lane_id=lane_id, message_id=str(event_id))
            await connection.execute(_CLOSE_IF_EMPTY, *lane)


async def _decide(
    connection: Connection,
    lane_id: str,
    decided_by: UUID,
    *,
    kind: str,
    event_id: UUID | None = None,
) -> tuple[str, str] | None:
    """Lock the lane and return consumer and key; None when this was carried out."""
    if await connection.fetchval(_DECIDED, decided_by):
        return None
    row = await connection.fetchrow(_LOCK, UUID(lane_id))
    if row is None:
        raise NotFoundError(lane_id=lane_id)
    lane = (row["consumer"], row["key"])
    new = await connection.fetchval(_DECIDE, decided_by, kind, *lane, event_id)
    return lane if new else None
