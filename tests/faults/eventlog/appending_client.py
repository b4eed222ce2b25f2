"""A process that appends until somebody stops it; run by `test_stopped_client`.

``python -m tests.faults.eventlog.appending_client URL one-call|open-transaction``
"""

import asyncio
import sys

import asyncpg

from shared.eventlog.group import APPEND, arguments
from tests.support.event_log import new_event, new_stream, unit

_LARGE = b"x" * 60_000


async def append_for_ever(url: str, *, in_transactions: bool) -> None:
    """Append one call after another; say so once the first is under way."""
    connection = await asyncpg.connect(url)
    append = await connection.prepare(APPEND)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        works = [unit(new_stream(), 0, new_event(payload=_LARGE)) for _ in range(50)]
        if not in_transactions:
            await append.fetch(*arguments(works))
            continue
        async with connection.transaction():
            await append.fetch(*arguments(works))


if __name__ == "__main__":
    asyncio.run(
        append_for_ever(sys.argv[1], in_transactions=sys.argv[2] == "open-transaction")
    )
