"""What a service declares about its messages: what it handles and what it tells."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.message import Message, Received
from shared.decider import Fact
from shared.eventlog import Codec, StoredEvent
from shared.messaging.contracts import name_of, owner_of

Handler = Callable[[Received[Any]], Awaitable[object]]
"""Ends in one unit of work that carries the inbox mark of the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """The messages of other services that *name* acts on."""

    name: str
    """The service: consumer group, and consumer in the inbox."""
    handlers: Mapping[type[Message], Handler]
    by_type: Mapping[str, Handler] = field(init=False)
    """The same handlers by the name of the message on the wire."""

    def __post_init__(self) -> None:
        """Index the handlers by name."""
        named = {name_of(kind): handler for kind, handler in self.handlers.items()}
        object.__setattr__(self, "by_type", named)

    @property
    def sources(self) -> tuple[str, ...]:
        """The services whose topics it reads, in alphabetical order."""
        return tuple(sorted({owner_of(name) for name in self.by_type}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What *service* tells the others."""

    service: str
    codec: Codec
    to_public: Callable[[Fact, StoredEvent], Message | None]
    """Pure; None when the fact is nobody else's business."""
    categories: Sequence[str] | None = None
    """Where its facts are, for a service that may read others' too."""
