"""The one pattern all state changes follow: decide, then evolve."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

Command = TypeVar("Command")
Event = TypeVar("Event", bound="Fact")
State = TypeVar("State")


class Value(BaseModel):
    """A value that is part of facts: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Value):
    """Something that happened. Subclasses add ``type: Literal["owner.Name"]``.

    The stored payload is exactly ``model_dump_json()``. A changed meaning is a new
    type; a changed shape raises `schema_version` and adds an upcaster.
    """

    schema_version: ClassVar[int] = 1

    occurred_at: AwareDatetime
    """When it happened, by the clock of the service that decided."""


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, Event, State]):
    """The pure values that define one kind of stream.

    Source: Jérémie Chassaing, "Functional Event Sourcing Decider" (2021).
    """

    category: str
    """What the stream's name begins with: ``review`` for ``review-{id}``."""
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]
    initial: State

    def fold(self, history: Iterable[Event], since: State | None = None) -> State:
        """Return the state after *history*, oldest first, starting at *since*."""
        start = self.initial if since is None else since
        return reduce(self.evolve, history, start)
