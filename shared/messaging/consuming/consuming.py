"""Keeps one service a member of its consumer group, for as long as it runs."""

import asyncio
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from shared.clock import utc_now
from shared.messaging.arrivals import Reader
from shared.messaging.consuming.course import Course
from shared.messaging.consuming.holding import SPACING_SECONDS, Holding
from shared.messaging.consuming.lanes import LaneWork
from shared.messaging.consuming.progress import Progress
from shared.messaging.consuming.settling import Settling
from shared.messaging.consuming.subscriber import consumer_broker, subscribe
from shared.messaging.declarations import Consumer
from shared.messaging.errors import MessagingError
from shared.messaging.safety import assert_safe
from shared.messaging.settings import MessagingSettings
from shared.messaging.signals import Signals, generation_signal, published_signal
from shared.messaging.topics import check_topics, create_topics, topic_of
from shared.messaging.trouble import until_answered

RETRY_SECONDS = 1.0
ERA_POLL_SECONDS = 5.0
LEAVE_SECONDS = 1.0
"""For leaving the group, beside the time for work in flight."""

LONGEST_POLL_AGE_SECONDS = 60.0
"""A fetch is answered after half a second at most, so a minute without is a fault."""


class Consuming:
    """The consuming side of one service."""

    def __init__(
        self,
        *,
        consumer: Consumer,
        settings: MessagingSettings,
        progress: Progress,
        signals: Signals,
        reader: Reader,
        work: LaneWork,
    ) -> None:
        self._consumer = consumer
        self._settings = settings
        self._progress = progress
        self._signals = signals
        self._course = Course(
            consumer=consumer.name, sources=consumer.sources, progress=progress
        )
        self._settling = Settling(
            consumer=consumer.name,
            reader=reader,
            course=self._course,
            work=work,
            settings=settings,
            holding=self._holding(),
        )
        self._declare()
        self._problem: str | None = "not started"

    def _holding(self) -> Holding | None:
        """Return what holds fetches where the broker does not."""
        if self._settings.broker_holds_fetches:
            return None
        names = [published_signal(name) for name in self._consumer.by_type]
        spacing_seconds = max(SPACING_SECONDS, self._settings.gather_seconds)
        return Holding(self._signals, names, spacing_seconds=spacing_seconds)

    def _declare(self) -> None:
        self._broker = consumer_broker(self._settings)
        self._subscriber: Any = subscribe(
            self._broker,
            self._settings,
            sources=self._consumer.sources,
            settling=self._settling,
        )
        assert_safe(self._broker)

    async def run(self) -> None:
        """Join the group, and start over whenever a topic is filled anew."""
        await until_answered(lambda: self._progress.register(self._consumer))
        await self._join()
        names = [generation_signal(source) for source in self._consumer.sources]
        while True:
            was_uneven = self._is_uneven()
            await self._settling.watch_fillings()
            await self._settling.catch_up()
            await self._signals.wait(*names, at_most_seconds=ERA_POLL_SECONDS)
            if was_uneven and self._is_uneven():
                await self._join_anew()

    async def stop(self) -> None:
        """Let the batch in flight end, then leave the group."""
        has_joined, self._problem = self._problem is None, "stopped"
        await self._leave(has_joined=has_joined)

    async def _leave(self, *, has_joined: bool) -> None:
        patience = LEAVE_SECONDS
        if has_joined:
            patience += self._settings.drain_seconds
        stopping = asyncio.create_task(self._broker.stop())
        ended, _ = await asyncio.wait([stopping], timeout=patience)
        if not ended:
            await self._hang_up()
        await stopping

    async def _hang_up(self) -> None:
        """Cut the connection: aiokafka waits for a group that is still forming.

        The broker finds the member gone when its session ends.
        """
        member = self._subscriber.consumer
        if member is not None:
            await member._client.close()  # noqa: SLF001 - there is no other way

    def problems(self) -> list[str]:
        """Return why messages do not arrive or are not handled; empty when they are."""
        if self._problem is not None:
            return [f"consumer: {self._problem}"]
        age = self._poll_age_seconds()
        if age is not None and age > LONGEST_POLL_AGE_SECONDS:
            return [f"consumer: no answer of the broker for {age:.0f} s"]
        return self._course.problems()

    async def _join(self) -> None:
        while self._problem is not None and not await self._joined():  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(RETRY_SECONDS)

    def _is_uneven(self) -> bool:
        """Return whether the embedded broker gave too little.

        When its topics come back one after another, it leaves a member that joins again
        with what it was given before: other partitions of one topic than of another.
        """
        if not self._settings.create_topics:
            return False
        member = self._subscriber.consumer
        given = set() if member is None else member.assignment()
        alike = {
            frozenset(one.partition for one in given if one.topic == topic_of(source))
            for source in self._consumer.sources
        }
        return len(alike) > 1 or not given

    async def _join_anew(self) -> None:
        """Leave the group and join it as somebody else."""
        structlog.get_logger().warning(
            "consumer.joins_anew", consumer=self._consumer.name
        )
        self._problem = "joins anew"
        await self._leave(has_joined=True)
        self._declare()
        await self._join()

    async def _joined(self) -> bool:
        """Join the group; False when the broker is not ready for it."""
        settings = self._settings
        topics = [topic_of(source) for source in self._consumer.sources]
        try:
            if settings.create_topics:
                await create_topics(
                    settings.bootstrap_servers,
                    topics,
                    replication_factor=settings.replication_factor,
                )
            await check_topics(settings.bootstrap_servers, topics)
            await self._broker.start()
        except (KafkaError, MessagingError, OSError) as error:
            self._problem = f"cannot join: {type(error).__name__}"
            structlog.get_logger().warning(
                "consumer.cannot_join",
                consumer=self._consumer.name,
                reason=type(error).__name__,
            )
            await self._broker.stop()
            self._declare()
            return False
        self._problem = None
        return True

    def _poll_age_seconds(self) -> float | None:
        """Return the age of the oldest answer for an assigned partition."""
        member = self._subscriber.consumer
        if member is None:
            return None
        stamps = [member.last_poll_timestamp(one) for one in member.assignment()]
        answered = [stamp for stamp in stamps if stamp]
        if not answered:
            return None
        oldest: float = min(answered) / 1000
        return utc_now().timestamp() - oldest
