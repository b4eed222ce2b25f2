"""The one FastStream subscriber of a service, over all topics it reads.

Only reading, group membership and the life cycle are FastStream's. What a batch means,
when it is settled and what is committed is decided in ``settling``; records reach it as
they came, because FastStream's own parser fails a whole batch for one header that is
not UTF-8, and its own acknowledgement commits everything that was ever fetched.
"""

from collections.abc import Sequence
from typing import Any

from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared.messaging.consuming.settling import Settling
from shared.messaging.settings import MessagingSettings
from shared.messaging.topics import topic_of

MAX_POLL_INTERVAL_MS = 300_000
"""aiokafka's default; the longest patience with one message is far shorter."""

HEARTBEATS_PER_SESSION = 10

REBALANCE_TIMEOUT_MS = 60_000
"""How long the group waits for a member that lets its work end; a dead one is found by
its session. Longer than `MessagingSettings.drain_seconds`."""


def consumer_broker(settings: MessagingSettings) -> KafkaBroker:
    """Return a broker object that only consumes; the relay has its own producer."""
    return KafkaBroker(
        settings.bootstrap_servers.split(","),
        client_id=settings.service,
        consumer_only=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=settings.metadata_max_age_ms,
        graceful_timeout=settings.drain_seconds,
        apply_types=False,
        logger=None,
    )


def subscribe(
    broker: KafkaBroker,
    settings: MessagingSettings,
    *,
    sources: Sequence[str],
    settling: Settling,
) -> Any:
    """Declare the subscriber on *broker* and return it."""
    subscriber = broker.subscriber(
        *(topic_of(source) for source in sources),
        batch=True,
        group_id=settings.service,
        group_instance_id=settings.group_instance_id,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        partition_assignment_strategy=(RangePartitionAssignor,),
        fetch_max_wait_ms=settings.fetch_max_wait_ms,
        max_records=settings.batch_records,
        batch_timeout_ms=settings.poll_pause_ms,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=settings.session_timeout_ms // HEARTBEATS_PER_SESSION,
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
        listener=settling,
        parser=_as_it_came,
        decoder=_records,
        no_reply=True,
    )

    settling.join(lambda: subscriber.consumer)

    async def on_batch(records: Sequence[Any]) -> None:
        await settling(records)

    subscriber(on_batch)
    return subscriber


async def _as_it_came(raw: tuple[Any, ...]) -> KafkaMessage:
    return KafkaMessage(body=b"", raw_message=raw, consumer=_NoAcknowledging())


async def _records(message: KafkaMessage) -> Any:
    return message.raw_message


class _NoAcknowledging:
    """Stands where FastStream would commit or seek: nothing of ours may."""

    async def commit(self) -> None:
        raise AssertionError("only Settling commits")

    def seek(self, partition: Any, offset: int) -> None:  # noqa: ARG002
        raise AssertionError("only Settling seeks")
