"""Follows a service's part of the log and publishes it, one process at a time.

Why nothing is lost: the position moves only after the broker confirmed everything up to
it, and a generation that the broker lost is published again from the smallest position
that every consumer has settled. Why nothing overtakes: see ``producing``; and because
each message names its predecessor, a consumer would see it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

import structlog
from aiokafka.errors import KafkaError

from shared.database import DATABASE_ERRORS, Pool
from shared.errors import ServiceError
from shared.eventlog import EventLog, StoredEvent
from shared.ids import new_id
from shared.messaging.contracts import owner_of
from shared.messaging.declarations import Publisher
from shared.messaging.envelope import Outgoing
from shared.messaging.era import FIRST_ERA, Era
from shared.messaging.errors import (
    BrokerLostDataError,
    FencedError,
    MessagingError,
    UnsafeMessagingError,
)
from shared.messaging.metrics import RELAYED
from shared.messaging.relay.checkpoint import Checkpoints, Standing
from shared.messaging.relay.lease import Lease, LeaseDesk
from shared.messaging.relay.presence import check_presence, keep_checking
from shared.messaging.relay.producing import OrderedProducer, Sent
from shared.messaging.settings import MessagingSettings
from shared.messaging.signals import Signals, wanted_signal
from shared.messaging.tasks import until_first_ends
from shared.messaging.topics import check_topics, create_topics, replace_topic, topic_of

RETRY_SECONDS = 0.5
QUIET_SAVE_SECONDS = 1.0
"""How often the position is stored while nothing is public: a restart only rescans."""

CALM_SECONDS = 300.0
"""After so long without a new generation the next one begins at once again."""

LONGEST_PAUSE_SECONDS = 60.0

Batches = AsyncGenerator[tuple[tuple[StoredEvent, ...], int], None]


@dataclass(slots=True)
class RelayHealth:
    """What the relay of this process is doing."""

    leading: bool = False
    position: int = 0
    era: Era = FIRST_ERA
    problem: str | None = None
    """Why it is not publishing, for operators; a code, no content."""


@dataclass(slots=True)
class Restraint:
    """Keeps a broker that breaks again and again from being filled without end."""

    begun_at: float | None = None
    next_pause_seconds: float = 0.0

    def pause_seconds(self, now: float) -> float:
        """Return how long to wait before the generation that would begin *now*.

        The first begins at once; one that follows soon waits for longer each time.
        """
        if self.begun_at is None or now - self.begun_at > CALM_SECONDS:
            self.next_pause_seconds = 0.0
        pause = self.next_pause_seconds
        self.begun_at = now + pause
        self.next_pause_seconds = min(max(2 * pause, 1.0), LONGEST_PAUSE_SECONDS)
        return pause


class Relay:
    """Publishes what one service tells the others."""

    def __init__(
        self,
        *,
        publisher: Publisher,
        log: EventLog,
        pool: Pool,
        signals: Signals,
        settings: MessagingSettings,
    ) -> None:
        self._publisher = publisher
        self._log = log
        self._signals = signals
        self._settings = settings
        self._checkpoints = Checkpoints(pool)
        self._desk = LeaseDesk(
            pool=pool,
            service=publisher.service,
            holder=new_id(),
            lease_seconds=settings.lease_seconds,
        )
        self._restraint = Restraint()
        self.health = RelayHealth()

    async def run(self) -> None:
        """Publish until cancelled; what goes wrong is tried again from the checkpoint.

        Raises:
            UnsafeMessagingError: the topic is not as it must be.
        """
        while True:
            try:
                await self._hold_lease()
            except (
                FencedError,
                MessagingError,
                UnsafeMessagingError,
                ServiceError,
                KafkaError,
                *DATABASE_ERRORS,
            ) as error:
                self._interrupted(error)
            await asyncio.sleep(RETRY_SECONDS)

    def _interrupted(self, error: Exception) -> None:
        self.health.leading = False
        self.health.problem = type(error).__name__.removesuffix("Error")
        structlog.get_logger().warning(
            "relay.interrupted",
            service=self._publisher.service,
            reason=type(error).__name__,
            position=self.health.position,
        )

    async def _hold_lease(self) -> None:
        lease = await self._desk.take()
        try:
            await self._lead(lease)
        finally:
            self.health.leading = False
            await self._desk.give_back(lease)

    async def _lead(self, lease: Lease) -> None:
        await self._ensure_topic()
        while True:
            standing = await self._trusted_standing(lease)
            try:
                await until_first_ends(
                    self._desk.keep(lease),
                    self._publish(lease, standing),
                    keep_checking(self._check_presence, self._settings.check_seconds),
                    self._heed_consumers(lease.service),
                )
            except BrokerLostDataError as lost:
                await self._begin_generation(lease, standing.filling.era, str(lost))

    async def _ensure_topic(self) -> None:
        servers = self._settings.bootstrap_servers
        topic = topic_of(self._publisher.service)
        if not self._settings.create_topics:
            await check_topics(servers, [topic])
            return
        factor = self._settings.replication_factor
        await create_topics(servers, [topic], replication_factor=factor)
        try:
            await check_topics(servers, [topic])
        except UnsafeMessagingError:
            await replace_topic(servers, topic, replication_factor=factor)
            await check_topics(servers, [topic])

    async def _trusted_standing(self, lease: Lease) -> Standing:
        """Return where to go on; begins an era first when the present one is broken."""
        standing = await self._checkpoints.read(lease.service)
        epoch = (await self._log.head()).epoch
        broken = "a consumer met a gap" if standing.wanted else None
        if epoch != standing.filling.era.epoch:
            broken = "the log is in another epoch"
        try:
            await self._check_presence()
        except BrokerLostDataError as lost:
            broken = str(lost)
        if broken is None:
            return standing
        await self._begin_generation(lease, standing.filling.era, broken)
        return await self._checkpoints.read(lease.service)

    async def _check_presence(self) -> None:
        confirmed = await self._checkpoints.confirmed(self._publisher.service)
        await check_presence(self._settings, confirmed)

    async def _heed_consumers(self, service: str) -> None:
        while not await self._checkpoints.wanted(service):
            await self._signals.wait(
                wanted_signal(service), at_most_seconds=self._settings.check_seconds
            )
        raise BrokerLostDataError("a consumer met a gap")

    async def _begin_generation(self, lease: Lease, old: Era, reason: str) -> None:
        pause = self._restraint.pause_seconds(time.monotonic())
        await until_first_ends(self._desk.keep(lease), asyncio.sleep(pause))
        await self._ensure_topic()
        era = old.next_generation((await self._log.head()).epoch)
        await self._checkpoints.begin_era(lease, era)
        structlog.get_logger().warning(
            "relay.generation_begun",
            service=lease.service,
            epoch=era.epoch,
            generation=era.generation,
            reason=reason,
        )

    async def _publish(self, lease: Lease, standing: Standing) -> None:
        producer = OrderedProducer.of(self._settings)
        await producer.start()
        try:
            await self._pump(lease, standing, producer)
        finally:
            self.health.leading = False
            await producer.stop()

    async def _pump(
        self, lease: Lease, standing: Standing, producer: OrderedProducer
    ) -> None:
        era = standing.filling.era
        self.health.era, self.health.position = era, standing.position
        self.health.leading, self.health.problem = True, None
        previous = dict(standing.previous)
        offsets = {one.partition: one.offset for one in standing.confirmed.values()}
        saved_at = time.monotonic()
        follow = cast("Batches", self._log.follow(standing.position))
        async with aclosing(follow) as batches:
            async for events, scanned_to in batches:
                window = self._public(events)
                if not window and time.monotonic() - saved_at < QUIET_SAVE_SECONDS:
                    self.health.position = scanned_to
                    continue
                sent = await producer.send(
                    window, filling=standing.filling, previous=previous
                )
                _refuse_reused_offsets(sent, offsets)
                await self._checkpoints.save(
                    lease,
                    era,
                    scanned_to,
                    sent=window,
                    confirmed=[one.last for one in sent],
                )
                for one in sent:
                    previous[one.last.partition] = one.last.position
                    offsets[one.last.partition] = one.last.offset
                self.health.position, saved_at = scanned_to, time.monotonic()
                RELAYED.labels(lease.service).set(scanned_to)

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


def _refuse_reused_offsets(sent: Sequence[Sent], offsets: Mapping[int, int]) -> None:
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
