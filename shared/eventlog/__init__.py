"""The append-only log: append units of work, read and follow streams, change nothing.

Invariant: positions are gapless and in commit order, so a reader needs only
``position > checkpoint``.
"""

from shared.eventlog.codec import Codec, MalformedFactError, UnknownFactError
from shared.eventlog.committer import OutcomeUnknownError
from shared.eventlog.following import LogRestoredError
from shared.eventlog.log import EventLog
from shared.eventlog.postgres import PostgresEventLog, open_log
from shared.eventlog.refusals import (
    CategoryForbiddenError,
    DemonstrationOnlyError,
    EventIdReusedError,
    MalformedUnitError,
    PayloadTooLargeError,
)
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
    StreamWrite,
    UnitOfWork,
)

__all__ = [
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
    "RequestKey",
    "StoredAnswer",
    "StoredEvent",
    "StreamWrite",
    "UnitOfWork",
    "UnknownFactError",
    "open_log",
]
