"""Reads the effects of messages off the log into a table, a batch at a time.

Invariant: rows and scan position move in one transaction, under a lock on the position,
so several processes may scan for the same consumer.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.database import Pool
from shared.eventlog import EventLog, StoredEvent, next_step
from shared.messaging.contracts import owner_of

BATCH_EVENTS = 5_000

_BEGIN = """
INSERT INTO messaging.effect_scan (consumer) VALUES ($1) ON CONFLICT DO NOTHING
"""

_POSITION = """
SELECT position FROM messaging.effect_scan WHERE consumer = $1 FOR UPDATE
"""

_ADD = """
INSERT INTO messaging.effect AS known
    (consumer, event_id, first_position, last_position, runs)
SELECT $1, one.* FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::integer[]) one
ON CONFLICT (consumer, event_id) DO UPDATE
SET last_position = excluded.last_position,
    runs = known.runs + excluded.runs
        - (known.last_position + 1 = excluded.first_position)::integer
"""

_MOVE = "UPDATE messaging.effect_scan SET position = $2 WHERE consumer = $1"


@dataclass(slots=True)
class Effect:
    """Where the facts with one cause stand in the log."""

    cause: UUID
    first_position: int
    last_position: int
    runs: int = 1


def effects_of(consumer: str, events: Iterable[StoredEvent]) -> tuple[Effect, ...]:
    """Return the effects among *events* (in order of the log) at *consumer*; pure.

    Facts that a person or a clock caused are no effects.
    """
    found: dict[UUID, Effect] = {}
    for event in events:
        cause = _cause(event) if owner_of(event.type) == consumer else None
        if cause is None:
            continue
        effect = found.get(cause)
        if effect is None:
            found[cause] = Effect(cause, event.position, event.position)
            continue
        if event.position != effect.last_position + 1:
            effect.runs += 1
        effect.last_position = event.position
    return tuple(found.values())


def _cause(event: StoredEvent) -> UUID | None:
    metadata = json.loads(event.metadata)
    if not str(metadata.get("actor", "")).startswith("service:"):
        return None
    return UUID(metadata["causation_id"])


class EffectScan:
    """Keeps the table of effects of some consumers up to date."""

    def __init__(self, pool: Pool, log: EventLog) -> None:
        self._pool = pool
        self._log = log

    async def catch_up(self, consumer: str) -> int:
        """Read what is new for *consumer*; return the position read up to."""
        await self._pool.execute(_BEGIN, consumer)
        head = (await self._log.head()).position
        while (position := await self._scan(consumer, head)) < head:
            pass
        return position

    async def _scan(self, consumer: str, head: int) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            start: int = await connection.fetchval(_POSITION, consumer)
            if start >= head:
                return start
            events, position = await next_step(
                self._log, start, head, batch=BATCH_EVENTS
            )
            effects = effects_of(consumer, events)
            await connection.execute(
                _ADD,
                consumer,
                [effect.cause for effect in effects],
                [effect.first_position for effect in effects],
                [effect.last_position for effect in effects],
                [effect.runs for effect in effects],
            )
            await connection.execute(_MOVE, consumer, position)
            return position
