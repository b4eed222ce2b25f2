"""What a record turns out to be: to be handled, somebody else's, or to be parked.

Invariant: reading never fails and never drops; what cannot be read is parked with the
name of the problem, and its bytes are kept as they came.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.message import Message, Received
from shared.ids import derived_id
from shared.messaging.contracts import Contracts
from shared.messaging.declarations import Consumer
from shared.messaging.envelope import Attributes, Record, read_attributes, received
from shared.messaging.topics import topic_of

LONGEST_LANE_BYTES = 512
"""A longer key, which none of ours is, is named by its hash: an index entry of
PostgreSQL holds at most 2704 bytes."""


class Problem(StrEnum):
    """Why a message is parked. A code: never what the message contains."""

    UNREADABLE_HEADERS = "unreadable_headers"
    UNREADABLE_BODY = "unreadable_body"
    UNKNOWN_TYPE = "unknown_type"
    FOREIGN_SOURCE = "foreign_source"
    REFUSED = "refused"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    """Something it needs is away: it is released by itself after a while."""
    BEHIND = "behind"
    """Nothing is wrong with it: an earlier one of its lane is parked."""


READABLE_LATER = frozenset(
    {Problem.UNREADABLE_HEADERS, Problem.UNREADABLE_BODY, Problem.UNKNOWN_TYPE}
)
"""Problems that a newer version of the consumer may not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A record and what this consumer makes of it."""

    record: Record
    lane: str
    """What keeps its order: the key; for a record without one, its partition."""
    event_id: UUID
    """``ce_id``; of unreadable headers, an id derived from the bytes."""
    attributes: Attributes | None = None
    message: Received[Any] | None = None
    """Set when it is to be handled."""
    problem: Problem | None = None
    """Set when it is to be parked. Without both it is not for this consumer."""

    @property
    def type(self) -> str | None:
        """The name of the message, where it could be read."""
        return self.attributes.type if self.attributes else None


class Reader:
    """Reads records for one consumer; pure."""

    def __init__(self, consumer: Consumer, contracts: Contracts) -> None:
        """Read for *consumer*, which was built with *contracts*."""
        self._consumer = consumer
        self._contracts = contracts

    def __call__(self, record: Record) -> Arrival:
        """Return what *record* turns out to be."""
        lane = _lane_of(record)
        try:
            attributes = read_attributes(record.headers)
        except ValueError:
            return Arrival(
                record=record,
                lane=lane,
                event_id=_id_of_bytes(record),
                problem=Problem.UNREADABLE_HEADERS,
            )
        message, problem = self._judge(record, attributes)
        return Arrival(
            record=record,
            lane=lane,
            event_id=attributes.id,
            attributes=attributes,
            message=message,
            problem=problem,
        )

    def _judge(
        self, record: Record, attributes: Attributes
    ) -> tuple[Received[Any] | None, Problem | None]:
        if record.topic != topic_of(attributes.source):
            return None, Problem.FOREIGN_SOURCE
        model = self._contracts.find(attributes.type)
        if model is None:
            return None, Problem.UNKNOWN_TYPE
        if attributes.type not in self._consumer.by_type:
            return None, None
        body = _body(model, record.value)
        if body is None:
            return None, Problem.UNREADABLE_BODY
        return received(attributes, body), None


def _body(model: type[Message], value: bytes | None) -> Message | None:
    try:
        return model.model_validate_json(value or b"")
    except ValidationError:
        return None


def _lane_of(record: Record) -> str:
    if record.key is None:
        return f"{record.topic}/{record.partition}"
    try:
        text = record.key.decode()
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable() and len(record.key) <= LONGEST_LANE_BYTES:
        return text
    return hashlib.sha256(record.key).hexdigest()


def _id_of_bytes(record: Record) -> UUID:
    digest = hashlib.sha256(f"{record.partition}/{record.offset}".encode())
    parts = [record.key, record.value, *(held for _, held in record.headers)]
    for part in parts:
        content = b"" if part is None else part
        digest.update(len(content).to_bytes(4, "big") + content)
    return derived_id("unreadable", record.topic, digest.hexdigest())
