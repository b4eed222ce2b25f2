"""A fact as the log would give it back, for folds that look at the event too."""

from uuid import UUID

from shared.decider import Fact
from shared.eventlog import Codec, Metadata, StoredEvent

_NOBODY = Metadata(
    actor="a", role="r", correlation_id=UUID(int=1), causation_id=UUID(int=1)
)


def stored(codec: Codec, fact: Fact, stream: str) -> StoredEvent:
    """Return *fact* as the first event of *stream*; its hashes are left empty."""
    new = codec.encode(fact, event_id=UUID(int=1), metadata=_NOBODY)
    return StoredEvent(
        position=1,
        event_id=new.event_id,
        stream=stream,
        category=stream.partition("-")[0],
        version=1,
        type=new.type,
        schema_version=new.schema_version,
        payload=new.payload,
        metadata=new.metadata,
        occurred_at=new.occurred_at,
        recorded_at=new.occurred_at,
        leaf=b"",
        chain=b"",
    )
