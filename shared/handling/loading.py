"""Streams folded for one decision, and what was decided on top of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.decider import Decider, Fact
from shared.errors import ConflictError
from shared.eventlog import NewEvent, StreamWrite
from shared.handling.folds import Folds

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Step:
    """One command to one stream."""

    decider: Decider[Any, Any, Any]
    stream: str
    command: object


@dataclass(slots=True)
class _Stream:
    decider: Decider[Any, Any, Any]
    version: int
    state: Any
    facts: list[Fact] = field(default_factory=list)


class Loader:
    """Folds streams for one decision and remembers on which versions it rests."""

    def __init__(self, folds: Folds, *, may_recall: bool = False) -> None:
        """Take from *folds*; what is known there is believed where it *may_recall*."""
        self._folds = folds
        self._may_recall = may_recall
        self._streams: dict[str, _Stream] = {}
        self._recalled: set[str] = set()

    async def state(self, decider: Decider[Any, Any, S], stream: str) -> S:
        """Return the folded state of *stream*; the decision now depends on it."""
        loaded = await self._load(decider, stream)
        state: S = loaded.state
        return state

    async def decide(self, step: Step) -> None:
        """Apply one step on top of what was decided before it.

        Raises:
            ServiceError: the decider refused.
        """
        loaded = await self._load(step.decider, step.stream)
        facts = step.decider.decide(step.command, loaded.state)
        loaded.facts.extend(facts)
        loaded.state = step.decider.fold(facts, loaded.state)

    async def _load(self, decider: Decider[Any, Any, Any], stream: str) -> _Stream:
        if stream not in self._streams:
            version, state = await self._folded(decider, stream)
            self._streams[stream] = _Stream(decider, version, state)
        loaded = self._streams[stream]
        if loaded.decider is not decider:
            raise ValueError(f"two deciders for one stream of {decider.category}")
        return loaded

    async def _folded(
        self, decider: Decider[Any, Any, Any], stream: str
    ) -> tuple[int, Any]:
        known = self._folds.recalled(decider, stream) if self._may_recall else None
        if known is None:
            return await self._folds.fold(decider, stream)
        self._recalled.add(stream)
        return known

    async def check(self) -> None:
        """Return when the log has nothing newer than what was recalled.

        Raises:
            ConflictError: a stream has moved on.
        """
        for stream in self._recalled:
            held = self._streams[stream]
            version, _ = await self._folds.fold(held.decider, stream)
            if version != held.version:
                raise ConflictError(stream=stream, actual_version=version)

    def facts(self) -> tuple[Fact, ...]:
        """Return every fact decided so far, in order of streams first touched."""
        return tuple(fact for held in self._streams.values() for fact in held.facts)

    def writes(self, encode: Callable[[Fact], NewEvent]) -> tuple[StreamWrite, ...]:
        """Return the facts, and a version guard for every stream only read."""
        return tuple(
            StreamWrite(
                stream=stream,
                expected_version=held.version,
                events=tuple(encode(fact) for fact in held.facts),
            )
            for stream, held in self._streams.items()
        )

    def written(self, writes: Sequence[StreamWrite], position: int) -> None:
        """Know for the next decision that *writes* are stored, up to *position*."""
        for write in writes:
            decider = self._streams[write.stream].decider
            self._folds.extend(decider, write, position)


Build = Callable[[Loader], Awaitable[Sequence[Step]]]
