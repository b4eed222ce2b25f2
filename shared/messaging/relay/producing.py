"""Sends public messages so that none overtakes an earlier one of its partition.

Invariant: a partition has at most one unconfirmed batch, and a batch is written by the
broker completely or not at all. So a failed send has nothing behind it: aiokafka alone
would go on with later batches of the same key after giving up an earlier one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.messaging.envelope import Outgoing
from shared.messaging.era import Filling
from shared.messaging.errors import SendFailedError
from shared.messaging.relay.standing import ConfirmedRecord
from shared.messaging.safety import assert_safe_producer
from shared.messaging.settings import MessagingSettings
from shared.messaging.topics import topic_of

LARGEST_BATCH_BYTES = 512 * 1024
"""Half of what Kafka accepts by default (``message.max.bytes``, 1 MiB); one message is
far smaller, as a fact holds at most 64 KiB."""

_TOPIC_CHANGED = (AssertionError, TypeError)
"""What aiokafka raises for a partition that its topic has no more, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the broker confirmed for one partition: first offset, last record."""

    first_offset: int
    last: ConfirmedRecord


class OrderedProducer:
    """A producer for one topic, thrown away after any failure."""

    def __init__(self, topic: str, producer: AIOKafkaProducer) -> None:
        self._topic = topic
        self._producer = producer

    @classmethod
    def of(cls, settings: MessagingSettings) -> "OrderedProducer":
        """Return a new producer for the topic of the service.

        Raises:
            UnsafeMessagingError: an option would lose messages.
        """
        options: dict[str, Any] = {
            "bootstrap_servers": settings.bootstrap_servers,
            "client_id": f"{settings.service}-relay",
            "acks": "all",
            "enable_idempotence": settings.idempotent_producer,
            "linger_ms": 0,
            "max_batch_size": LARGEST_BATCH_BYTES,
            "request_timeout_ms": settings.request_timeout_ms,
            "metadata_max_age_ms": settings.metadata_max_age_ms,
        }
        assert_safe_producer(options)
        return cls(topic_of(settings.service), AIOKafkaProducer(**options))

    async def start(self) -> None:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: the broker does not answer.
        """
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise

    async def stop(self) -> None:
        """Close the connection; nothing is waiting to be sent."""
        await self._producer.stop()

    async def send(
        self,
        window: Sequence[Outgoing],
        *,
        filling: Filling,
        previous: Mapping[int, int],
    ) -> tuple[Sent, ...]:
        """Send *window*, in order of position, and return what was confirmed.

        *previous*: by partition, position of the public message before the window.
        The partitions go at the same time, each in order.

        Raises:
            SendFailedError: something was not confirmed; nothing behind it was sent.
        """
        by_partition = groupby(
            sorted(window, key=attrgetter("partition", "event.position")),
            key=attrgetter("partition"),
        )
        outcomes = await asyncio.gather(
            *(
                self._send_partition(list(items), filling, previous.get(partition, 0))
                for partition, items in by_partition
            ),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return tuple(one for one in outcomes if isinstance(one, Sent))

    async def _send_partition(
        self, items: Sequence[Outgoing], filling: Filling, previous: int
    ) -> Sent:
        first: int | None = None
        rest = items
        while True:
            base, count = await self._send_batch(rest, filling, previous)
            first = base if first is None else first
            last = rest[count - 1]
            previous, rest = last.event.position, rest[count:]
            if not rest:
                record = ConfirmedRecord(
                    partition=last.partition,
                    offset=base + count - 1,
                    ce_id=last.event.event_id,
                    position=last.event.position,
                )
                return Sent(first_offset=first, last=record)

    async def _send_batch(
        self, items: Sequence[Outgoing], filling: Filling, previous: int
    ) -> tuple[int, int]:
        """Send as many of *items* as fit; return the first offset and the number."""
        batch = self._producer.create_batch()
        count = 0
        for item in items:
            headers = item.headers(filling=filling, previous=previous)
            appended = batch.append(
                key=item.key.encode(),
                value=item.body(),
                timestamp=int(item.event.recorded_at.timestamp() * 1000),
                headers=list(headers),
            )
            if appended is None:
                break
            count, previous = count + 1, item.event.position
        try:
            confirmation = await self._producer.send_batch(
                batch, self._topic, partition=items[0].partition
            )
            metadata = await confirmation
        except (KafkaError, *_TOPIC_CHANGED) as error:
            raise SendFailedError(type(error).__name__) from error
        return metadata.offset, count
