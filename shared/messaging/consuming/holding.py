"""Holds a fetch back until there is something, for a broker that does not do so.

Kafka answers a fetch when something comes, so a consumer asks rarely and hears at once.
The embedded broker answers one that met nothing only when its whole wait is over: asked
often enough to hear at once, it and its clients were busy with nothing but asking. So
a fetch waits here, before it is sent, until a relay tells that it has published a type
that this consumer handles.

Invariant: no fetch is held for longer than `LONGEST_SECONDS`. Whatever nobody tells of
(a lost signal, a type that is skipped) comes that much later, and nothing else changes.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from typing import Any

from aiokafka.protocol.fetch import FetchRequest

from shared.messaging.signals import Signals
from shared.messaging.tasks import wait_for_event

LONGEST_SECONDS = 0.5
"""What Kafka's own consumers wait by default (``fetch.max.wait.ms``)."""

SPACING_SECONDS = 0.03
"""Between two fetches of a burst: each asks for all partitions anew, which costs more
than a few messages."""


class Holding:
    """Knows whether a consumer has reason to fetch."""

    def __init__(
        self, signals: Signals, names: Sequence[str], *, spacing_seconds: float
    ) -> None:
        """Let fetches go when one of *names* is signalled, so far apart at least."""
        self._reason = signals.subscribed(*names)
        self._spacing_seconds = spacing_seconds
        self._let_go_at = -math.inf
        self._seeks = 0

    def hold(self, member: Any) -> None:
        """Hold the fetches of *member*, a consumer of aiokafka.

        Doing this twice is harmless.
        """
        client = member._client  # noqa: SLF001 - there is no other way
        send = type(client).send.__get__(client)
        seek = type(member).seek.__get__(member)

        async def held(node_id: int, request: Any, **options: Any) -> Any:
            if not isinstance(request, FetchRequest):
                return await send(node_id, request, **options)
            seeks = self._seeks
            await self._let_go()
            answer = await send(node_id, request, **options)
            # There may be more than fits into an answer; and what was asked for before
            # a seek is thrown away.
            if seeks != self._seeks or _has_records(answer):
                self._reason.set()
            return answer

        def sought(partition: Any, offset: int) -> None:
            seek(partition, offset)
            self._seeks += 1
            self._reason.set()

        client.send, member.seek = held, sought
        self._reason.set()

    async def _let_go(self) -> None:
        """Return when there is reason to fetch, and the last one is long enough ago."""
        await wait_for_event(self._reason, at_most_seconds=LONGEST_SECONDS)
        await asyncio.sleep(self._let_go_at + self._spacing_seconds - time.monotonic())
        self._reason.clear()
        self._let_go_at = time.monotonic()


def _has_records(answer: Any) -> bool:
    """Tell whether some partition has records, which come last of what it has."""
    return any(
        partition[-1] for _, partitions in answer.topics for partition in partitions
    )
