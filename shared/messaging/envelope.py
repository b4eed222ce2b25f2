"""A public message as a Kafka record: CloudEvents 1.0, binary mode, JSON body.

Invariant: every message names the public message before it in its partition
(``ce_previous``), so a consumer that settled that one knows that nothing is missing.

Source: CloudEvents 1.0.2, Kafka protocol binding; extensions ``sequence``,
``partitionkey`` and ``traceparent`` as CloudEvents documents them, the rest ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.message import Message, Received
from shared.eventlog import Metadata, StoredEvent
from shared.messaging.contracts import owner_of
from shared.messaging.era import Era, Filling
from shared.messaging.topics import partition_of

Headers = tuple[tuple[str, bytes], ...]

_PREFIX = "ce_"
_PRINTABLE = r"^[\x21-\x7e]{1,256}$"
"""Names are ASCII without blanks, so that they can be stored and shown."""

_CONTENT_TYPE = ("content-type", b"application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is, or was, on Kafka: bytes and where they were."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class Attributes(BaseModel):
    """The CloudEvents attributes of a record, validated."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: UUID
    type: str = Field(pattern=_PRINTABLE)
    source: str = Field(pattern=_PRINTABLE)
    subject: str = Field(pattern=_PRINTABLE)
    time: AwareDatetime
    sequence: int = Field(ge=1)
    partitionkey: str
    position: int = Field(ge=1)
    previous: int = Field(ge=0)
    log: UUID
    epoch: int = Field(ge=0)
    generation: int = Field(ge=0)
    correlationid: UUID
    traceparent: str | None = None

    @property
    def era(self) -> Era:
        """The era the record belongs to."""
        return Era(epoch=self.epoch, generation=self.generation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A public message that only lacks its era and its predecessor."""

    event: StoredEvent
    message: Message
    metadata: Metadata
    key: str
    partition: int
    type: str

    @staticmethod
    def of(event: StoredEvent, message: Message, metadata: Metadata) -> "Outgoing":
        """Return *message*, published for *event*, ready to be sent."""
        return Outgoing(
            event=event,
            message=message,
            metadata=metadata,
            key=message.key,
            partition=partition_of(message.key),
            type=message.type,  # type: ignore[attr-defined]  # every subclass has it
        )

    def body(self) -> bytes:
        """Return the JSON body."""
        return self.message.model_dump_json().encode()

    def headers(self, *, filling: Filling, previous: int) -> Headers:
        """Return the record headers; *previous* is the position before it, or 0."""
        event = self.event
        attributes = {
            "specversion": "1.0",
            "id": str(event.event_id),
            "type": self.type,
            "source": owner_of(self.type),
            "subject": event.stream,
            "time": event.occurred_at.astimezone(UTC).isoformat(),
            "sequence": str(event.version),
            "partitionkey": self.key,
            "position": str(event.position),
            "previous": str(previous),
            "log": str(filling.log_id),
            "epoch": str(filling.era.epoch),
            "generation": str(filling.era.generation),
            "correlationid": str(self.metadata.correlation_id),
        }
        if self.metadata.traceparent is not None:
            attributes["traceparent"] = self.metadata.traceparent
        named = ((_PREFIX + name, text.encode()) for name, text in attributes.items())
        return (*named, _CONTENT_TYPE)


def read_attributes(headers: Iterable[tuple[str, bytes]]) -> Attributes:
    """Return the attributes in *headers*.

    Raises:
        ValueError: they are not UTF-8, or one is missing or malformed (pydantic's
            ``ValidationError`` is a ``ValueError`` and names it, never its content).
    """
    named = {
        name.removeprefix(_PREFIX): content.decode()
        for name, content in headers
        if name.startswith(_PREFIX)
    }
    return Attributes.model_validate(named)


def received(attributes: Attributes, body: Message) -> Received[Any]:
    """Return what a handler gets."""
    return Received(
        body=body,
        event_id=attributes.id,
        source=attributes.source,
        stream=attributes.subject,
        version=attributes.sequence,
        position=attributes.position,
        epoch=attributes.epoch,
        generation=attributes.generation,
        occurred_at=attributes.time,
        correlation_id=attributes.correlationid,
        traceparent=attributes.traceparent,
    )
