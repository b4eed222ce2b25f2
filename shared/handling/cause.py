"""What led to a command: a request, a message, or the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from shared.contracts.message import Received
from shared.decider import Fact
from shared.eventlog import InboxMark, RequestKey
from shared.ids import derived_id

Ids = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """An HTTP request whose answer will be stored with the facts it leads to."""

    key: RequestKey
    body_sha256: bytes
    status: int = 200
    ids: Callable[[tuple[Fact, ...]], Ids] = field(default=lambda _: {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What led to a command; the ids of its facts derive from *command_id*."""

    command_id: UUID
    actor: str
    role: str
    correlation_id: UUID
    causation_id: UUID
    traceparent: str | None = None
    inbox: InboxMark | None = None
    request: PendingRequest | None = None

    @staticmethod
    def first(command_id: UUID, *, actor: str, role: str) -> "Cause":
        """Return the cause of a command to which nothing in the log led."""
        return Cause(
            command_id=command_id,
            actor=actor,
            role=role,
            correlation_id=command_id,
            causation_id=command_id,
        )

    @staticmethod
    def by_message(consumer: str, message: Received[Any]) -> "Cause":
        """Return the cause that handles *message* exactly once for *consumer*."""
        return Cause(
            command_id=derived_id("message", consumer, str(message.event_id)),
            actor=f"service:{consumer}",
            role="service",
            correlation_id=message.correlation_id,
            causation_id=message.event_id,
            traceparent=message.traceparent,
            inbox=InboxMark(consumer=consumer, event_id=message.event_id),
        )

    @staticmethod
    def by_clock(service: str, *what: str) -> "Cause":
        """Return the cause of what is due; *what* names it, so it happens once."""
        command_id = derived_id("clock", service, *what)
        return Cause.first(command_id, actor=f"clock:{service}", role="service")

    @staticmethod
    def by_reader(service: str, person_id: str, role: str, *what: str) -> "Cause":
        """Return the cause of noting that somebody read *what*; it happens once."""
        command_id = derived_id("reader", service, person_id, *what)
        return Cause.first(command_id, actor=person_id, role=role)

    def event_id(self, number: int) -> UUID:
        """Return the id of the event with this number, from 0, that it leads to."""
        return derived_id(str(self.command_id), str(number))

    def answer(
        self, status: int, ids: Callable[[tuple[Fact, ...]], Ids] | Ids | None = None
    ) -> "Cause":
        """Return the cause with the success answer to store for its request."""
        if self.request is None:
            return self
        make = ids if callable(ids) else _constantly(ids or {})
        return replace(self, request=replace(self.request, status=status, ids=make))


def _constantly(ids: Ids) -> Callable[[tuple[Fact, ...]], Ids]:
    return lambda _: ids
