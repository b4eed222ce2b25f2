"""Folded states of streams, kept so that a decision reads only what is new.

Invariant: what is kept of a stream is what was stored of it up to a version. It may be
old: whoever acts on it without asking the log has to be held to that version.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from shared.decider import Decider
from shared.eventlog import Codec, EventLog, StoredEvent, StoredFact, StreamWrite

S = TypeVar("S")

CACHED_STREAMS = 500
"""Folded states kept by version: a case of submission or review is about 20 kB, a
person 2. Whoever is worked on now is among the last few hundred; in a cohort that goes
through a phase one by one, nobody comes again while they are kept."""

_Key: TypeAlias = tuple[str, Callable[..., Any]]
"""A stream, and what folds it: another decider makes another state of it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    state: Any
    """Up to that version without *unfolded*."""
    unfolded: tuple[StoredFact, ...] = ()
    """Stored from here since, and folded when somebody asks."""


class Folds:
    """Folds streams of one log; remembers what it folded."""

    def __init__(self, log: EventLog, codec: Codec) -> None:
        self._log = log
        self._codec = codec
        self._cache: OrderedDict[_Key, _Kept] = OrderedDict()

    async def fold(self, decider: Decider[Any, Any, S], stream: str) -> tuple[int, S]:
        """Return version and folded state of *stream*, reading only what is new."""
        version, state = self.recalled(decider, stream) or (0, decider.initial)
        news = await self._log.read_stream(stream, after_version=version)
        if news:
            state = self._folded(decider, news, state)
            version = news[-1].version
        self._keep((stream, decider.evolve), _Kept(version, state))
        return version, state

    def recalled(
        self, decider: Decider[Any, Any, S], stream: str
    ) -> tuple[int, S] | None:
        """Return what was last known of *stream*, which may have moved on since."""
        key = (stream, decider.evolve)
        kept = self._cache.get(key)
        if kept is None:
            return None
        if kept.unfolded:
            state = self._folded(decider, kept.unfolded, kept.state)
            kept = _Kept(kept.version, state)
        self._keep(key, kept)
        return kept.version, kept.state

    def extend(
        self, decider: Decider[Any, Any, Any], write: StreamWrite, position: int
    ) -> None:
        """Know that *write* was stored, the last of it at *position* at the latest."""
        key = (write.stream, decider.evolve)
        kept = self._cache.get(key)
        if kept is None or kept.version != write.expected_version:
            return
        news = tuple(
            StoredFact(
                position=position,
                stream=write.stream,
                type=event.type,
                schema_version=event.schema_version,
                payload=event.payload,
            )
            for event in write.events
        )
        version = kept.version + len(news)
        self._keep(key, _Kept(version, kept.state, kept.unfolded + news))

    def _folded(
        self,
        decider: Decider[Any, Any, S],
        news: Sequence[StoredEvent | StoredFact],
        state: S,
    ) -> S:
        return decider.fold((self._codec.decode(event) for event in news), state)

    def _keep(self, key: _Key, kept: _Kept) -> None:
        self._cache[key] = kept
        self._cache.move_to_end(key)
        if len(self._cache) > CACHED_STREAMS:
            self._cache.popitem(last=False)
