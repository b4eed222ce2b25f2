"""The append-only log: append units of work, read and follow streams, change nothing.

Invariant: positions are gapless and in commit order, so a reader needs only
``position > checkpoint``.
"""

from shared.eventlog.codec import Codec, MalformedFactError, UnknownFactError
from shared.eventlog.committer import OutcomeUnknownError
from shared.eventlog.compatibility import breaking_changes, schemas
from shared.eventlog.following import LogRestoredError
from shared.eventlog.hashes import GENESIS_CHAIN, chain_hash, leaf_hash
from shared.eventlog.log import EventLog
from shared.eventlog.postgres import PostgresEventLog, open_log
from shared.eventlog.refusals import (
    CategoryForbiddenError,
    DemonstrationOnlyError,
    EventIdReusedError,
    MalformedUnitError,
    PayloadTooLargeError,
)
from shared.eventlog.replaying import Replayed, replay
from shared.eventlog.scanning import next_step, scan
from shared.eventlog.values import (
    MAX_PAYLOAD_BYTES,
    Appended,
    Head,
    InboxMark,
    Metadata,
    NewEvent,
    RequestKey,
    StoredAnswer,
    StoredEvent,
    StoredFact,
    StreamWrite,
    UnitOfWork,
)

__all__ = [
    "GENESIS_CHAIN",
    "MAX_PAYLOAD_BYTES",
    "Appended",
    "CategoryForbiddenError",
    "Codec",
    "DemonstrationOnlyError",
    "EventIdReusedError",
    "EventLog",
    "Head",
    "InboxMark",
    "LogRestoredError",
    "MalformedFactError",
    "MalformedUnitError",
    "Metadata",
    "NewEvent",
    "OutcomeUnknownError",
    "PayloadTooLargeError",
    "PostgresEventLog",
    "Replayed",
    "RequestKey",
    "StoredAnswer",
    "StoredEvent",
    "StoredFact",
    "StreamWrite",
    "UnitOfWork",
    "UnknownFactError",
    "breaking_changes",
    "chain_hash",
    "leaf_hash",
    "next_step",
    "open_log",
    "replay",
    "scan",
    "schemas",
]
