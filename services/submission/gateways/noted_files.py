"""The evidence store as submission writes to it: no file is there that is not known of.

Invariant: a path is noted before its file is stored, and a note goes only once a fact
refers to the file or the file is removed. So whatever ends a process between the two,
a file that no fact refers to is found again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from shared.database import Connection, Pool


@dataclass(frozen=True, slots=True)
class NotedFiles:
    """The notes about files that may be referred to by no fact."""

    pool: Pool

    async def note(self, path: str) -> None:
        """Know that a file is about to be stored at *path*.

        Waits while the same path is being forgotten, so that what is stored after this
        returns stays. The note is on disk before the file is.
        """
        await self.pool.execute(
            """
            INSERT INTO noted_file (path, person_id, noted_at)
            VALUES ($1, split_part($1, '/', 1), now())
            ON CONFLICT (path) DO UPDATE SET noted_at = excluded.noted_at
            """,
            path,
        )

    async def people(self, older_than: timedelta, *, limit: int) -> list[str]:
        """Return people with notes of some age, those with the oldest first."""
        records = await self.pool.fetch(
            """
            SELECT person_id FROM noted_file WHERE noted_at < now() - $1::interval
            GROUP BY person_id ORDER BY min(noted_at) LIMIT $2
            """,
            older_than,
            limit,
        )
        return [record["person_id"] for record in records]

    @asynccontextmanager
    async def forgetting(
        self, person_id: str, older_than: timedelta
    ) -> AsyncIterator[tuple[str, ...]]:
        """Give the paths of a person's old notes; forget them when the block succeeds.

        Nobody else stores at these paths, or looks at these notes, meanwhile.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            paths = await _locked(connection, person_id, older_than)
            yield paths
            await connection.execute(
                "DELETE FROM noted_file WHERE path = ANY($1::text[])", list(paths)
            )


async def _locked(
    connection: Connection, person_id: str, older_than: timedelta
) -> tuple[str, ...]:
    records = await connection.fetch(
        """
        SELECT path FROM noted_file
        WHERE person_id = $1 AND noted_at < now() - $2::interval
        ORDER BY path FOR UPDATE SKIP LOCKED
        """,
        person_id,
        older_than,
    )
    return tuple(record["path"] for record in records)
