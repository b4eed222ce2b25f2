"""The values that go into the log and come out of it. No I/O here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

MAX_PAYLOAD_BYTES = 64 * 1024
"""Largest payload of one fact; larger content is a blob referred to by hash.

Source: architecture.md, "The event log".
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Who caused a fact, and in which conversation. Opaque ids only."""

    actor: str
    """Opaque person id, or ``service:<name>``, or ``clock:<service>``."""
    role: str
    correlation_id: UUID
    """The same for everything that one request or clock tick led to."""
    causation_id: UUID
    """The command, or the message, that directly led to this fact."""
    traceparent: str | None = None
    """W3C trace context, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A fact on its way into the log, as the exact bytes to be stored."""

    event_id: UUID
    type: str
    schema_version: int
    payload: bytes
    metadata: bytes
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamWrite:
    """Facts for one stream, in order. Without facts it is a guard on the version."""

    stream: str
    expected_version: int
    """Version the decision was made on; 0 for a stream that does not exist yet."""
    events: tuple[NewEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMark:
    """This consumer has handled this message, for ever."""

    consumer: str
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """What makes two HTTP requests the same request."""

    actor: str
    route: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The answer to an idempotent request: ids, positions, status, problem code."""

    request: RequestKey
    body_sha256: bytes
    """32 bytes over what was asked; another body under the same key is refused."""
    status: int
    body: bytes
    """JSON object of ids and codes."""
    position: int = 0
    """Where the log stood; the log itself fills it in, so readers find it set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfWork:
    """All of it is written, or none of it."""

    writes: tuple[StreamWrite, ...] = ()
    inbox: tuple[InboxMark, ...] = ()
    answer: StoredAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What became of a unit of work.

    *outcome* is ``written``; ``repeated`` when its event ids were already there (the
    positions are those of the first time); ``handled`` when an inbox mark was already
    there and nothing was written; ``answered`` when the request key already had an
    answer, which is then in *answer*, and nothing was written.
    """

    outcome: Literal["written", "repeated", "handled", "answered"]
    position: int
    """Position of its last event (the first time); without events the head then."""
    answer: StoredAnswer | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the log, exactly as stored."""

    position: int
    event_id: UUID
    stream: str
    category: str
    version: int
    type: str
    schema_version: int
    payload: bytes
    metadata: bytes
    occurred_at: datetime
    recorded_at: datetime
    leaf: bytes
    chain: bytes


class StoredFact(NamedTuple):
    """The part of a row that folding needs; made by the million, hence a tuple."""

    position: int
    stream: str
    type: str
    schema_version: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends."""

    position: int
    chain: bytes
    epoch: int
    """Raised whenever the log was restored from a backup."""
    demonstration: bool
    """True only for a log created for demonstration: it alone accepts an offset."""
