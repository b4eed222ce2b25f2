"""What must hold for a log after any fault."""

import json
from collections import Counter

import asyncpg

from shared.eventlog import GENESIS_CHAIN, StoredEvent, chain_hash, leaf_hash


async def stored(url: str) -> list[StoredEvent]:
    """Return the whole log, read past every function by a superuser."""
    admin = await asyncpg.connect(url)
    try:
        async with admin.transaction(isolation="repeatable_read"):
            rows = await admin.fetch("select * from log.event order by position")
            head = await admin.fetchval("select position from log.head")
    finally:
        await admin.close()
    assert head == len(rows), "the head is where the log ends"
    return [StoredEvent(*row) for row in rows]


def assert_sound(events: list[StoredEvent]) -> None:
    """Gapless positions, gapless versions, a valid chain, time that never goes back."""
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    versions: Counter[str] = Counter()
    chain = GENESIS_CHAIN
    for before, event in zip([None, *events], events, strict=False):
        versions[event.stream] += 1
        assert event.version == versions[event.stream]
        assert event.leaf == leaf_hash(event)
        chain = chain_hash(chain, event.leaf)
        assert event.chain == chain
        assert before is None or before.recorded_at <= event.recorded_at


def effects(events: list[StoredEvent]) -> Counter[str]:
    """Count what was meant to happen once, by what each payload says it is."""
    return Counter(json.loads(event.payload)["what"] for event in events)


def meant(what: str) -> bytes:
    """Return the payload of an event that is meant to happen once."""
    return json.dumps({"what": what}).encode()
