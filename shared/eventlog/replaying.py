"""Folding the log from its beginning, as fast as one core decodes.

Invariant: every fact is validated as it is by `Codec.decode`; nothing is skipped.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.decider import Decider
from shared.eventlog.codec import Codec
from shared.eventlog.log import EventLog

S = TypeVar("S")

CHUNK_EVENTS = 2_000
"""Events a read; twice or half of it changes the speed by a few hundredths."""


@dataclass(frozen=True, slots=True)
class Replayed(Generic[S]):
    """The state of every stream of a category, up to a position."""

    states: dict[str, S]
    position: int
    """Of the last event folded; 0 when there was none."""
    events: int


async def replay(
    log: EventLog, codec: Codec, decider: Decider[Any, Any, S]
) -> Replayed[S]:
    """Return what the facts of the decider's category add up to, now.

    While one chunk is folded the next is on its way. Holds the event loop for about
    20 ms a chunk: for rebuilding and checking, not for serving.

    Raises:
        UnknownFactError: a fact that *codec* does not know.
        MalformedFactError: a fact that does not fit its type.
    """
    states: dict[str, S] = {}
    position = events = 0
    decode, evolve, initial = codec.decode, decider.evolve, decider.initial
    with _no_collection():
        facts = await log.facts_after(
            0, limit=CHUNK_EVENTS, categories=[decider.category]
        )
        while facts:
            position, events = facts[-1].position, events + len(facts)
            coming = asyncio.create_task(
                log.facts_after(
                    position, limit=CHUNK_EVENTS, categories=[decider.category]
                )
            )
            try:
                await asyncio.sleep(0)  # lets the request leave before we are busy
                for fact in facts:
                    stream = fact.stream
                    states[stream] = evolve(states.get(stream, initial), decode(fact))
            except BaseException:
                coming.cancel()
                raise
            facts = await coming
    return Replayed(states, position, events)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the collector: facts and states have no cycles, and there are millions.

    Looking through them again and again is half of the time otherwise. Memory that is
    no longer referred to is freed all the same.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
