"""From the log to the producer, window by window.

Invariant: a position is stored only after everything public up to it was confirmed, at
offsets that the broker had never given before.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from shared.eventlog import EventLog, StoredEvent
from shared.messaging.contracts import owner_of
from shared.messaging.declarations import Publisher
from shared.messaging.envelope import Outgoing
from shared.messaging.era import FIRST_ERA, Era
from shared.messaging.errors import BrokerLostDataError
from shared.messaging.metrics import RELAYED
from shared.messaging.relay.checkpoint import Checkpoints
from shared.messaging.relay.lease import Lease
from shared.messaging.relay.producing import OrderedProducer, Sent
from shared.messaging.relay.standing import Standing, Step
from shared.messaging.settings import MessagingSettings
from shared.messaging.signals import here, published_signal

QUIET_SAVE_SECONDS = 1.0
"""How often the position is stored while nothing is public: a restart only rescans."""

Batches = AsyncGenerator[tuple[tuple[StoredEvent, ...], int], None]


@dataclass(slots=True)
class RelayHealth:
    """What the relay of this process is doing."""

    leading: bool = False
    position: int = 0
    era: Era = FIRST_ERA
    problem: str | None = None
    """Why it is not publishing, for operators; a code, no content."""


class Pump:
    """Publishes one service's facts as they come."""

    def __init__(
        self,
        *,
        publisher: Publisher,
        log: EventLog,
        checkpoints: Checkpoints,
        settings: MessagingSettings,
        health: RelayHealth,
    ) -> None:
        self._publisher = publisher
        self._log = log
        self._checkpoints = checkpoints
        self._settings = settings
        self._health = health

    async def run(self, lease: Lease, standing: Standing) -> None:
        """Publish from *standing* on, under *lease*, with a producer of its own.

        Raises:
            BrokerLostDataError: the broker gave an offset a second time.
            SendFailedError: something was not confirmed.
            FencedError: another process has taken over, or a checkpoint was lost.
        """
        producer = OrderedProducer.of(self._settings)
        await producer.start()
        try:
            await self._pump(lease, standing, producer)
        finally:
            self._health.leading = False
            await producer.stop()

    async def _pump(
        self, lease: Lease, standing: Standing, producer: OrderedProducer
    ) -> None:
        era = standing.filling.era
        self._health.era, self._health.position = era, standing.position
        self._health.leading, self._health.problem = True, None
        previous, stored = dict(standing.previous), standing.position
        offsets = {one.partition: one.offset for one in standing.confirmed.values()}
        saved_at = time.monotonic()
        async with aclosing(self._batches(standing.position)) as batches:
            async for events, scanned_to in batches:
                window = self._public(events)
                # Going nowhere: the database has come back, and may be an older one.
                goes_on = scanned_to > self._health.position
                self._health.position = scanned_to
                recently = time.monotonic() - saved_at < QUIET_SAVE_SECONDS
                if not window and recently and goes_on:
                    continue
                sent = await producer.send(
                    window, filling=standing.filling, previous=previous
                )
                refuse_reused_offsets(sent, offsets)
                confirmed = [one.last for one in sent]
                news = self._news(window)
                here().wake(news)
                step = Step(
                    after=stored,
                    position=scanned_to,
                    sent=window,
                    confirmed=confirmed,
                    signals=[here().for_others(name) for name in news],
                )
                await self._checkpoints.save(lease, era, step)
                previous.update({one.partition: one.position for one in confirmed})
                offsets.update({one.partition: one.offset for one in confirmed})
                stored, saved_at = scanned_to, time.monotonic()
                RELAYED.labels(lease.service).set(scanned_to)
                await asyncio.sleep(self._settings.gather_seconds)

    def _batches(self, position: int) -> Batches:
        categories = self._publisher.categories
        return cast("Batches", self._log.follow(position, categories=categories))

    def _news(self, window: Sequence[Outgoing]) -> frozenset[str]:
        """Return what consumers wait for where the broker does not wait for them."""
        if self._settings.broker_holds_fetches:
            return frozenset()
        return frozenset(published_signal(one.type) for one in window)

    def _public(self, events: Sequence[StoredEvent]) -> list[Outgoing]:
        """Return what *events* tell the others.

        Raises:
            ServiceError: a fact of this service cannot be read; nothing is skipped.
        """
        codec, outgoing = self._publisher.codec, []
        for event in events:
            if owner_of(event.type) != self._publisher.service:
                continue
            message = self._publisher.to_public(codec.decode(event), event)
            if message is not None:
                metadata = codec.decode_metadata(event)
                outgoing.append(Outgoing.of(event, message, metadata))
        return outgoing


def refuse_reused_offsets(sent: Sequence[Sent], offsets: Mapping[int, int]) -> None:
    """Return when every offset is beyond the last one of its partition.

    Raises:
        BrokerLostDataError: the broker hands out offsets that it had given before.
    """
    for one in sent:
        last = offsets.get(one.last.partition, -1)
        if one.first_offset <= last:
            raise BrokerLostDataError(
                f"partition {one.last.partition} went back to {one.first_offset}"
            )
