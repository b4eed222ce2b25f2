"""Folded states of streams, kept so that a decision reads only what is new."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from shared.decider import Decider
from shared.eventlog import Codec, EventLog

S = TypeVar("S")

CACHED_STREAMS = 1_000
"""Folded states kept by version: a case of submission or review is about 20 kB, a
person 2. Whoever is worked on now is among the last thousand."""

_Key: TypeAlias = tuple[str, Callable[..., Any]]
"""A stream, and what folds it: another decider makes another state of it."""


class Folds:
    """Folds streams of one log; remembers what it folded."""

    def __init__(self, log: EventLog, codec: Codec) -> None:
        self._log = log
        self._codec = codec
        self._cache: OrderedDict[_Key, tuple[int, Any]] = OrderedDict()

    async def fold(self, decider: Decider[Any, Any, S], stream: str) -> tuple[int, S]:
        """Return version and folded state of *stream*, reading only what is new."""
        key = (stream, decider.evolve)
        version, state = self._cache.get(key, (0, decider.initial))
        news = await self._log.read_stream(stream, after_version=version)
        if news:
            state = decider.fold((self._codec.decode(event) for event in news), state)
            version = news[-1].version
        self._cache.pop(key, None)
        self._cache[key] = (version, state)
        if len(self._cache) > CACHED_STREAMS:
            self._cache.popitem(last=False)
        return version, state
