"""Events, messages and records to try things on."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.message import Message
from shared.eventlog import Metadata, StoredEvent
from shared.ids import derived_id
from shared.messaging.declarations import Consumer
from shared.messaging.envelope import Outgoing, Record
from shared.messaging.era import Era, Filling
from shared.messaging.topics import topic_of

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
LOG_ID = UUID(int=7)
FILLING = Filling(log_id=LOG_ID, era=Era(epoch=1, generation=2))
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Said(Message):
    type: Literal["submission.Said.v1"] = "submission.Said.v1"
    case_id: str
    number: int

    @property
    def key(self) -> str:
        return self.case_id


class Whispered(Said):
    type: Literal["submission.Whispered.v1"] = "submission.Whispered.v1"  # type: ignore[assignment]


async def ignore(_: Any) -> None:
    """Handle nothing."""


CONSUMER = Consumer(name="review", handlers={Said: ignore})


def event(position: int = 12, *, type_: str = "submission.Spoke") -> StoredEvent:
    return StoredEvent(
        position=position,
        event_id=derived_id("event", str(position)),
        stream="case-1",
        category="case",
        version=3,
        type=type_,
        schema_version=1,
        payload=b"{}",
        metadata=b"{}",
        occurred_at=AT,
        recorded_at=AT,
        leaf=b"",
        chain=b"",
    )


def metadata(traceparent: str | None = TRACE) -> Metadata:
    return Metadata(
        actor="service:submission",
        role="service",
        correlation_id=UUID(int=1),
        causation_id=UUID(int=2),
        traceparent=traceparent,
    )


def outgoing(position: int = 12, *, key: str = "c-1", number: int = 1) -> Outgoing:
    return Outgoing.of(event(position), Said(case_id=key, number=number), metadata())


def record(
    position: int = 12,
    *,
    previous: int = 0,
    offset: int = 0,
    key: str = "c-1",
    filling: Filling = FILLING,
    **changed: bytes | None,
) -> Record:
    """Return a record as the relay writes it, but for the headers *changed*."""
    item = outgoing(position, key=key)
    headers = dict(item.headers(filling=filling, previous=previous))
    for name, value in changed.items():
        headers.pop(f"ce_{name}")
        if value is not None:
            headers[f"ce_{name}"] = value
    return Record(
        topic=topic_of("submission"),
        partition=item.partition,
        offset=offset,
        key=key.encode(),
        value=item.body(),
        headers=tuple(headers.items()),
    )
