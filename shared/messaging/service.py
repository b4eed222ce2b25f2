"""Messaging of one service process: relay, consumer and released lanes together.

Why nothing is lost, no effect happens twice, and no key is out of order:

1. A fact is in the log before anything else. The relay moves its position only after
   the broker confirmed everything up to it; so what is not confirmed is sent again.
2. Each message names its predecessor in its partition. A consumer takes a message only
   when that one is settled: handled, known, for others, or parked. So whatever a broker
   loses, cuts off or mixes up is noticed, and asked for again as a new generation,
   which begins at the smallest position that every consumer has settled. The last
   message has no successor: a quiet consumer compares itself with what was confirmed.
3. The places of consumers are in the database. Offsets kept by the broker may belong to
   a topic that no longer exists, so they decide nothing.
4. The inbox holds exact ids for ever, and is marked in the same append as the facts a
   message leads to; so a message that comes again, for any reason, changes nothing.
5. A member works through a key in order, from the settled place on, and a message that
   cannot be handled takes everything behind it out of the way together. Two members can
   hold the same partition for a moment when one of them was stopped and wakes up; each
   still goes in order, and each message has its effect with the first one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from shared.database import Pool
from shared.eventlog import EventLog
from shared.messaging.arrivals import Reader
from shared.messaging.consuming.consuming import Consuming
from shared.messaging.consuming.lanes import LaneWork
from shared.messaging.consuming.progress import Progress
from shared.messaging.contracts import PUBLISHED, Contracts
from shared.messaging.declarations import Consumer, Publisher
from shared.messaging.parking.parking import Parking
from shared.messaging.parking.releases import Releases
from shared.messaging.reconciler import Reconciler
from shared.messaging.relay import Relay
from shared.messaging.settings import MessagingSettings
from shared.messaging.signals import Signals
from shared.messaging.tasks import cancelled

RESTART_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingHealth:
    """Whether messages flow, and why not."""

    problems: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why messages do not flow, for operators; empty when they do."""
        return "; ".join(self.problems)

    @property
    def ready(self) -> bool:
        """True when nothing is in the way."""
        return not self.problems


class Messaging:
    """What one service tells the others, and hears from them."""

    def __init__(
        self,
        *,
        settings: MessagingSettings,
        log: EventLog,
        pool: Pool,
        publisher: Publisher | None = None,
        consumer: Consumer | None = None,
        contracts: Contracts = PUBLISHED,
    ) -> None:
        """Declare everything; nothing runs before `start`.

        *pool* needs two connections for this object and one for each lane that is
        handled again. *consumer* without handlers is the same as none.

        Raises:
            UnsafeMessagingError: a setting would lose, repeat or reorder messages.
        """
        self._signals = Signals(pool)
        self._relay: Relay | None = None
        self._consuming: Consuming | None = None
        self._releases: Releases | None = None
        self._reconciler: Reconciler | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self._broken: dict[str, str] = {}
        if publisher is not None:
            self._relay = Relay(
                publisher=publisher,
                log=log,
                pool=pool,
                signals=self._signals,
                settings=settings,
            )
        if consumer is not None and consumer.handlers:
            self._add_consumer(settings, log, pool, consumer, contracts)

    def _add_consumer(
        self,
        settings: MessagingSettings,
        log: EventLog,
        pool: Pool,
        consumer: Consumer,
        contracts: Contracts,
    ) -> None:
        reader = Reader(consumer, contracts)
        work = LaneWork(
            consumer=consumer,
            log=log,
            parking=Parking(pool, consumer.name),
            keys_at_once=settings.keys_at_once,
        )
        self._consuming = Consuming(
            consumer=consumer,
            settings=settings,
            progress=Progress(pool, consumer.name),
            signals=self._signals,
            reader=reader,
            work=work,
        )
        self._reconciler = Reconciler(pool, log, consumers=(consumer.name,))
        self._releases = Releases(
            consumer=consumer.name,
            pool=pool,
            signals=self._signals,
            reader=reader,
            work=work,
        )

    async def start(self) -> None:
        """Start everything and return at once; `health` tells when messages flow."""
        self._run("signals", self._signals.run)
        if self._relay is not None:
            self._run("relay", self._relay.run)
        if self._consuming is not None:
            self._run("consumer", self._consuming.run)
        if self._releases is not None:
            self._run("lanes", self._releases.run)
        if self._reconciler is not None:
            self._run("reconciler", self._reconciler.run)

    async def stop(self) -> None:
        """Let what is in flight end, leave the group, give the lease back."""
        await cancelled(*self._tasks)
        self._tasks.clear()
        if self._consuming is not None:
            await self._consuming.stop()

    def health(self) -> MessagingHealth:
        """Return what is in the way of messages now."""
        problems = [f"{name} stopped: {why}" for name, why in self._broken.items()]
        if self._relay is not None and self._relay.health.problem is not None:
            problems.append(f"relay: {self._relay.health.problem}")
        if self._consuming is not None:
            problems.extend(self._consuming.problems())
        return MessagingHealth(problems=tuple(problems))

    def _run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.create_task(self._keep_running(name, work))
        self._tasks.append(task)

    async def _keep_running(
        self, name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Run *work* until cancelled; what nobody foresaw is logged and tried again."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - shown by `health` meanwhile
                self._broken[name] = type(error).__name__
                structlog.get_logger().error(
                    "messaging.stopped", part=name, reason=type(error).__name__
                )
            await asyncio.sleep(RESTART_SECONDS)
            self._broken.pop(name, None)
