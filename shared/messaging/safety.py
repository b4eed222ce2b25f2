"""Refuses to start with a setting that would lose, repeat or reorder messages.

Every trap here was reproduced with FastStream 0.7.8 and aiokafka 0.14.0; the tests
reproduce them again. Those that are no setting are in
``tests/integration/messaging/test_traps.py``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.subscriber.usecase import BatchSubscriber, LogicSubscriber

from shared.messaging.consuming.settling import Settling
from shared.messaging.errors import UnsafeMessagingError

_LONGEST_POLL_PAUSE_MS = 50
_SHORTEST_SESSION_MS = 6_000

Trap = tuple[str, str, Callable[[Any], bool]]


def assert_safe(broker: KafkaBroker) -> None:
    """Return when nothing declared on *broker* is a known trap.

    Raises:
        UnsafeMessagingError: names the first trap found, and its remedy.
    """
    subscribers = list(broker.subscribers)
    _refuse_if(
        len(subscribers) > 1,
        "several subscribers in one service",
        "declare one over all topics: they start one after another, and messages of"
        " one key from two topics would be handled side by side",
    )
    _refuse_if(
        bool(list(broker.publishers)),
        "a FastStream publisher",
        "facts are published by the relay alone; publish_batch would send a whole"
        " batch to one partition, whatever the keys say",
    )
    for subscriber in subscribers:
        _assert_safe_subscriber(subscriber)


def _assert_safe_subscriber(subscriber: Any) -> None:
    _refuse_if(
        not isinstance(subscriber, LogicSubscriber),
        "a subscriber of an unknown kind",
        "declare it with shared.messaging.consuming.subscriber.subscribe",
    )
    for name, remedy, is_trapped in _TRAPS:
        _refuse_if(is_trapped(subscriber), name, remedy)


def _argument(subscriber: Any, name: str) -> Any:
    return subscriber._connection_args.get(name)  # noqa: SLF001 - it has no other way


def _topics(subscriber: Any) -> list[str]:
    return [topic.name for topic in subscriber.topics]


_TRAPS: tuple[Trap, ...] = (
    (
        "ack policy other than MANUAL",
        (
            "give ack_policy=AckPolicy.MANUAL to the subscriber itself: ACK_FIRST, the"
            " default, is at most once; ACK and REJECT_ON_ERROR drop what fails;"
            " NACK_ON_ERROR reads it again at once, for ever; the policy of a broker"
            " does not reach subscribers of a router"
        ),
        lambda one: one.ack_policy is not AckPolicy.MANUAL,
    ),
    (
        "automatic offset commits",
        "they commit what was fetched, not what was settled: use AckPolicy.MANUAL",
        lambda one: bool(_argument(one, "enable_auto_commit")),
    ),
    (
        "offset reset other than earliest",
        (
            "auto_offset_reset='earliest': a new group, or one whose offsets are beyond"
            " the end after a loss, would skip everything that is there"
        ),
        lambda one: _argument(one, "auto_offset_reset") != "earliest",
    ),
    (
        "an assignor that separates topics",
        (
            "partition_assignment_strategy=(RangePartitionAssignor,): round robin and"
            " sticky give the same partition of two topics to different members"
        ),
        lambda one: (
            tuple(_argument(one, "partition_assignment_strategy"))
            != (RangePartitionAssignor,)
        ),
    ),
    (
        "several workers, or no batches",
        (
            "batch=True without max_workers: workers are further members of the group,"
            " read only the first of several topics, and are closed before their"
            " handlers end; keys are handled at the same time by Settling"
        ),
        lambda one: not isinstance(one, BatchSubscriber),
    ),
    (
        "no rebalance listener that drains",
        "listener=Settling(...): aiokafka gives partitions away while handlers run",
        lambda one: not isinstance(one._listener, Settling),  # noqa: SLF001
    ),
    (
        "no consumer group",
        "group_id=<service>: without it every process reads everything",
        lambda one: not one.group_id,
    ),
    (
        "a pattern or fixed partitions",
        (
            "name the topics: with a pattern a topic that is new is read by one member"
            " before the others know of it; fixed partitions have no group"
        ),
        lambda one: one.pattern is not None or bool(one.partitions),
    ),
    (
        "a long pause between polls",
        (
            f"batch_timeout_ms of at most {_LONGEST_POLL_PAUSE_MS}: FastStream sleeps"
            " for it after every empty poll"
        ),
        lambda one: one.batch_timeout_ms > _LONGEST_POLL_PAUSE_MS,
    ),
    (
        "a short session",
        (
            f"session_timeout_ms of at least {_SHORTEST_SESSION_MS}: a busy event loop"
            " would be taken for dead"
        ),
        lambda one: _argument(one, "session_timeout_ms") < _SHORTEST_SESSION_MS,
    ),
    (
        "a topic named twice",
        "name each topic once",
        lambda one: len(_topics(one)) != len(set(_topics(one))),
    ),
)


def assert_safe_producer(options: Mapping[str, Any]) -> None:
    """Return when a producer with *options* confirms only what all replicas have.

    Raises:
        UnsafeMessagingError: names the trap and its remedy.
    """
    _refuse_if(
        options.get("acks") != "all",
        "a producer that does not wait for all replicas",
        "acks='all': otherwise a confirmed message is lost with its leader",
    )
    _refuse_if(
        options.get("transactional_id") is not None,
        "a transactional producer",
        "leave transactional_id out: nothing here begins or commits a transaction, and"
        " one does not span the database anyway",
    )


def _refuse_if(is_trapped: object, trap: str, remedy: str) -> None:
    if is_trapped:
        raise UnsafeMessagingError(trap=trap, remedy=remedy)
