"""Read models folded anew, in tables beside those that are read.

Invariant: the tables beside hold exactly the fold of the log up to `position`, and
nobody waits for them while they are made.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from shared.database import DATABASE_AWAY, Connection
from shared.eventlog import Codec, EventLog, scan
from shared.projector.read_model import ReadModel, decode, fold_into

BATCH_EVENTS = 500

Progress = Callable[[int, int], None]
"""Told the position reached and the head."""


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


class Beside:
    """The tables beside, on one connection; they are gone with it."""

    def __init__(
        self,
        *,
        log: EventLog,
        codec: Codec,
        models: Sequence[ReadModel[Any]],
        connection: Connection,
    ) -> None:
        self._log = log
        self._codec = codec
        self._models = models
        self._connection = connection
        self.position = 0

    @asynccontextmanager
    async def made(self) -> AsyncIterator["Beside"]:
        """Make the tables, empty, and drop them in the end."""
        await self._drop()  # another's, on the same connection, that was cut short
        for model in self._models:
            await self._connection.execute(
                f"CREATE TEMPORARY TABLE {_beside(model)} "
                f"(LIKE {model.table} INCLUDING ALL)"
            )
        try:
            yield self
        finally:
            # A connection that is lost has taken its tables along.
            with contextlib.suppress(*DATABASE_AWAY):
                await self._drop()

    async def fold_up_to(self, position: int, head: int, progress: Progress) -> None:
        """Go on folding up to *position*; a smaller one than before changes nothing."""
        steps = scan(self._log, self.position, position, batch=BATCH_EVENTS)
        async for events, scanned_to in steps:
            facts = decode(self._codec, events)
            for model in self._models:
                await fold_into(self._connection, model, _beside(model), facts)
            self.position = scanned_to
            progress(scanned_to, head)

    async def put_in_place(self) -> None:
        """Replace the rows that are read; the caller holds the checkpoint."""
        for model in self._models:
            await self._connection.execute(f"DELETE FROM {model.table}")  # noqa: S608
            await self._connection.execute(
                f"INSERT INTO {model.table} SELECT * FROM {_beside(model)}"  # noqa: S608
            )

    async def differences(self) -> Mapping[str, int]:
        """Return by table how many rows differ from those that are read."""
        return {
            model.table: await self._connection.fetchval(_count_differences(model))
            for model in self._models
        }

    async def _drop(self) -> None:
        for model in self._models:
            await self._connection.execute(
                f"DROP TABLE IF EXISTS pg_temp.{_beside(model)}"
            )


def _beside(model: ReadModel[Any]) -> str:
    return f"{model.table}__rebuilt"


def _count_differences(model: ReadModel[Any]) -> str:
    kept, rebuilt = model.table, _beside(model)
    return (
        f"SELECT count(*) FROM ((TABLE {kept} EXCEPT ALL TABLE {rebuilt}) "  # noqa: S608
        f"UNION ALL (TABLE {rebuilt} EXCEPT ALL TABLE {kept})) AS difference"
    )
