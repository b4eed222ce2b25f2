"""The leaf and the chain, computed independently of PostgreSQL, to check it.

Invariant: the leaf's form is fixed for ever; `docs/event-log.md` has it byte by byte,
with test vectors.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from shared.eventlog.values import StoredEvent

GENESIS_CHAIN = bytes(32)
"""The chain before the first event."""

_LEAF_PREFIX = b"\x00"
"""Sets leaves apart from inner nodes. Source: RFC 9162, section 2.1.1."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""PostgreSQL counts the microseconds of a timestamp from here."""

_MICROSECOND = timedelta(microseconds=1)


def leaf_hash(event: StoredEvent) -> bytes:
    """Return the 32 bytes that stand for every field of *event* but the hashes."""
    digest = hashlib.sha256(_LEAF_PREFIX)
    for part in (
        event.position.to_bytes(8, "big"),
        event.event_id.bytes,
        event.stream.encode(),
        event.category.encode(),
        event.version.to_bytes(8, "big"),
        event.type.encode(),
        event.schema_version.to_bytes(2, "big"),
        _instant(event.occurred_at),
        _instant(event.recorded_at),
        event.payload,
        event.metadata,
    ):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """Return the chain after the event with *leaf*; *previous* is the one before it."""
    return hashlib.sha256(previous + leaf).digest()


def _instant(moment: datetime) -> bytes:
    microseconds = (moment - _EPOCH) // _MICROSECOND
    return microseconds.to_bytes(8, "big", signed=True)
