"""Follows a service's part of the log and publishes it, one process at a time.

Why nothing is lost: the position moves only after the broker confirmed everything up to
it, and a generation that the broker lost is published again from the smallest position
that every consumer has settled. Why nothing overtakes: see ``producing``; and because
each message names its predecessor, a consumer would see it.
"""

import asyncio
import time

import structlog
from aiokafka.errors import KafkaError

from shared.database import DATABASE_ERRORS, Pool
from shared.errors import ServiceError
from shared.eventlog import EventLog
from shared.ids import new_id
from shared.messaging.declarations import Publisher
from shared.messaging.era import Era
from shared.messaging.errors import (
    BrokerLostDataError,
    FencedError,
    MessagingError,
    UnsafeMessagingError,
)
from shared.messaging.relay.checkpoint import Checkpoints
from shared.messaging.relay.lease import Lease, LeaseDesk
from shared.messaging.relay.presence import check_presence, keep_checking
from shared.messaging.relay.pump import Pump, RelayHealth
from shared.messaging.relay.restraint import Restraint
from shared.messaging.relay.standing import Standing
from shared.messaging.settings import MessagingSettings
from shared.messaging.signals import Signals, wanted_signal
from shared.messaging.tasks import until_first_ends
from shared.messaging.topics import check_topics, create_topics, replace_topic, topic_of

RETRY_SECONDS = 0.5


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
        self._pump = Pump(
            publisher=publisher,
            log=log,
            checkpoints=self._checkpoints,
            settings=settings,
            health=self.health,
        )

    async def run(self) -> None:
        """Publish until cancelled; after trouble again from the checkpoint."""
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
                    self._pump.run(lease, standing),
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
