"""Up to where a consumer has settled each partition, kept in the database.

Invariant: a place never claims more than is settled; it may claim less, and then some
messages come again and are known. The database, not the broker, decides where reading
goes on: offsets committed to the broker may belong to an earlier filling of the topic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.database import Connection, Pool
from shared.messaging.contracts import owner_of
from shared.messaging.declarations import Consumer
from shared.messaging.era import Era, Filling
from shared.messaging.signals import send_signal, wanted_signal
from shared.messaging.topics import PARTITIONS

Slot = tuple[str, int]
"""Source and partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a consumer stands in one partition."""

    era: Era
    next_offset: int
    """Where to read on, in that era."""
    position: int
    """Every public message of the partition up to here is settled."""
    reset: int = 0
    """How often reading was started over because a type was added."""


_READ = """
SELECT source, partition, epoch, generation, next_offset, position, reset
FROM messaging.progress WHERE consumer = $1
"""

_SAVE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE messaging.progress AS p
SET epoch = one.epoch, generation = one.generation, next_offset = one.next_offset,
    position = greatest(p.position, one.position)
FROM quick, unnest($2::text[], $3::smallint[], $4::integer[], $5::integer[],
                   $6::bigint[], $7::bigint[], $8::integer[])
    AS one(source, partition, epoch, generation, next_offset, position, reset)
WHERE p.consumer = $1 AND p.source = one.source AND p.partition = one.partition
  AND p.reset = one.reset
  AND NOT EXISTS (
      SELECT FROM messaging.subscription AS s
      WHERE s.consumer = $1 AND s.source = one.source AND s.type <> ALL($9::text[]))
"""

_FILLINGS = """
SELECT service, log_id, epoch, generation FROM messaging.relay WHERE service = ANY($1)
"""

_BEHIND = """
SELECT p.source, p.partition
FROM messaging.progress p JOIN messaging.relay r ON r.service = p.source
WHERE p.consumer = $1 AND EXISTS (
    SELECT FROM messaging.published one
    WHERE one.service = p.source AND one.partition = p.partition
      AND one.position > p.position AND one.position <= r.position)
  AND NOT EXISTS (
    SELECT FROM messaging.subscription s
    WHERE s.consumer = $1 AND s.source = p.source AND s.type <> ALL($2::text[]))
"""

_WANT = """
UPDATE messaging.relay SET wanted = true
WHERE service = $1 AND epoch = $2 AND generation = $3 AND NOT wanted
RETURNING true
"""

_KNOWN_TYPES = "SELECT type FROM messaging.subscription WHERE consumer = $1"

_FORGET_TYPES = """
DELETE FROM messaging.subscription WHERE consumer = $1 AND type <> ALL($2)
"""

_ADD_TYPES = """
INSERT INTO messaging.subscription (consumer, source, type)
SELECT $1, one.* FROM unnest($2::text[], $3::text[]) AS one ON CONFLICT DO NOTHING
"""

_FORGET_SOURCES = """
DELETE FROM messaging.progress WHERE consumer = $1 AND source <> ALL($2)
"""

_ADD_SOURCES = """
INSERT INTO messaging.progress (consumer, source, partition)
SELECT $1, source, partition
FROM unnest($2::text[]) AS source, generate_series(0, $3 - 1) AS partition
ON CONFLICT DO NOTHING
"""

_START_OVER = """
UPDATE messaging.progress SET next_offset = 0, position = 0, reset = reset + 1
WHERE consumer = $1 AND source = ANY($2)
"""


class Progress:
    """Reads and writes the places of one consumer."""

    def __init__(self, pool: Pool, consumer: str) -> None:
        self._pool = pool
        self._consumer = consumer
        self._types: list[str] = []

    async def register(self, consumer: Consumer) -> None:
        """Make known which types are handled from now on.

        A type that is new for a known source was skipped until now, so that source is
        read again from its beginning; what was handled then is known now.
        """
        self._types = types = sorted(consumer.by_type)
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_KNOWN_TYPES, self._consumer)
            known = {row["type"] for row in rows}
            added = {owner_of(name) for name in types if name not in known}
            await self._replace(connection, consumer, types)
            await connection.execute(_START_OVER, self._consumer, sorted(added))

    async def _replace(
        self, connection: Connection, consumer: Consumer, types: Sequence[str]
    ) -> None:
        sources = list(consumer.sources)
        owners = [owner_of(name) for name in types]
        await connection.execute(_FORGET_TYPES, self._consumer, types)
        await connection.execute(_ADD_TYPES, self._consumer, owners, types)
        await connection.execute(_FORGET_SOURCES, self._consumer, sources)
        await connection.execute(_ADD_SOURCES, self._consumer, sources, PARTITIONS)

    async def places(self) -> dict[Slot, Place]:
        """Return the stored place of every partition of every source."""
        rows = await self._pool.fetch(_READ, self._consumer)
        return {
            (row["source"], row["partition"]): Place(
                era=Era(epoch=row["epoch"], generation=row["generation"]),
                next_offset=row["next_offset"],
                position=row["position"],
                reset=row["reset"],
            )
            for row in rows
        }

    async def save(self, places: Mapping[Slot, Place]) -> None:
        """Store *places*; a position never goes back.

        A place taken up before reading was started over is not stored, and none by a
        member of an older version, which skips a type that others handle: what it
        settles is known to whoever reads it again.
        """
        await self._pool.execute(
            _SAVE,
            self._consumer,
            [source for source, _ in places],
            [partition for _, partition in places],
            [place.era.epoch for place in places.values()],
            [place.era.generation for place in places.values()],
            [place.next_offset for place in places.values()],
            [place.position for place in places.values()],
            [place.reset for place in places.values()],
            self._types,
        )

    async def fillings(self, sources: Sequence[str]) -> dict[str, Filling]:
        """Return the present filling of each of *sources* whose relay ever ran."""
        rows = await self._pool.fetch(_FILLINGS, list(sources))
        return {
            row["service"]: Filling(
                log_id=row["log_id"],
                era=Era(epoch=row["epoch"], generation=row["generation"]),
            )
            for row in rows
        }

    async def behind(self) -> frozenset[Slot]:
        """Return the partitions in which something published is not settled.

        None for a member of an older version: its places are not stored (see `save`).
        """
        rows = await self._pool.fetch(_BEHIND, self._consumer, self._types)
        return frozenset((row["source"], row["partition"]) for row in rows)

    async def want_generation(self, source: str, era: Era) -> None:
        """Ask for a new generation of *source*; no effect once *era* is over."""
        asked = await self._pool.fetchval(_WANT, source, era.epoch, era.generation)
        if asked:
            await send_signal(self._pool, wanted_signal(source))
