"""Every unsafe setting is refused, with the name of the trap and a remedy."""

import warnings
from typing import Any

import pytest
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.assignors.sticky.sticky_assignor import (
    StickyPartitionAssignor,
)
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaRouter

from shared.messaging.consuming.course import Course
from shared.messaging.consuming.settling import Settling
from shared.messaging.consuming.subscriber import consumer_broker, subscribe
from shared.messaging.errors import UnsafeMessagingError
from shared.messaging.safety import assert_safe, assert_safe_producer
from shared.messaging.settings import MessagingSettings


def settling() -> Settling:
    nothing: Any = None
    return Settling(
        consumer="review",
        reader=nothing,
        course=Course(consumer="review", sources=(), progress=nothing),
        work=nothing,
        settings=MessagingSettings(service="review", bootstrap_servers="none:1"),
    )


def subscriber(broker: Any = None, **changed: Any) -> KafkaBroker:
    """Return a broker with one subscriber that is safe but for what is *changed*."""
    declaring = broker if broker is not None else KafkaBroker(logger=None)
    options: dict[str, Any] = {
        "batch": True,
        "group_id": "review",
        "ack_policy": AckPolicy.MANUAL,
        "auto_offset_reset": "earliest",
        "partition_assignment_strategy": (RangePartitionAssignor,),
        "batch_timeout_ms": 5,
        "session_timeout_ms": 30_000,
        "listener": settling(),
    }
    topics = changed.pop("topics", ("submission.v1", "moderation.v1"))
    options.update(changed)
    declaring.subscriber(*topics, **options)
    return declaring


class TestAssertSafe:
    def test_accepts_what_the_services_declare(self) -> None:
        settings = MessagingSettings(service="review", bootstrap_servers="none:9092")
        broker = consumer_broker(settings)
        subscribe(broker, settings, sources=("submission",), settling=settling())
        assert_safe(broker)

    def test_accepts_the_example_that_the_traps_are_made_from(self) -> None:
        assert_safe(subscriber())

    @pytest.mark.parametrize(
        ("changed", "trap"),
        [
            ({"ack_policy": AckPolicy.ACK_FIRST}, "ack policy"),
            ({"ack_policy": AckPolicy.ACK}, "ack policy"),
            ({"ack_policy": AckPolicy.NACK_ON_ERROR}, "ack policy"),
            ({"auto_offset_reset": "latest"}, "offset reset"),
            ({"auto_offset_reset": "none"}, "offset reset"),
            (
                {"partition_assignment_strategy": (RoundRobinPartitionAssignor,)},
                "assignor",
            ),
            ({"partition_assignment_strategy": (StickyPartitionAssignor,)}, "assignor"),
            (
                {
                    "partition_assignment_strategy": (
                        RangePartitionAssignor,
                        RoundRobinPartitionAssignor,
                    )
                },
                "assignor",
            ),
            ({"batch": False}, "no batches"),
            (
                {"batch": False, "max_workers": 4, "topics": ("submission.v1",)},
                "several workers",
            ),
            ({"listener": None}, "no rebalance listener"),
            ({"group_id": None}, "no consumer group"),
            ({"batch_timeout_ms": 200}, "long pause"),
            ({"session_timeout_ms": 3_000}, "short session"),
            ({"topics": ("submission.v1", "submission.v1")}, "named twice"),
            ({"topics": (), "pattern": ".*"}, "pattern"),
        ],
    )
    def test_refuses(self, changed: dict[str, Any], trap: str) -> None:
        with pytest.raises(UnsafeMessagingError) as refused:
            assert_safe(subscriber(**changed))
        assert trap in refused.value.trap
        assert refused.value.remedy

    def test_refuses_reject_on_error(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # FastStream itself warns of this one
            broker = subscriber(ack_policy=AckPolicy.REJECT_ON_ERROR)
        with pytest.raises(UnsafeMessagingError, match="ack policy"):
            assert_safe(broker)

    def test_refuses_two_subscribers(self) -> None:
        broker = subscriber()
        with pytest.raises(UnsafeMessagingError, match="several subscribers"):
            assert_safe(subscriber(broker, topics=("review.v1",)))

    def test_refuses_a_publisher_of_faststream(self) -> None:
        broker = subscriber()
        broker.publisher("review.v1")
        with pytest.raises(UnsafeMessagingError, match="publisher"):
            assert_safe(broker)

    @pytest.mark.parametrize(
        ("options", "trap"),
        [
            ({"acks": 1}, "all replicas"),
            ({}, "all replicas"),
            ({"acks": "all", "transactional_id": "x"}, "transactional"),
        ],
    )
    def test_refuses_a_producer(self, options: dict[str, Any], trap: str) -> None:
        with pytest.raises(UnsafeMessagingError, match=trap):
            assert_safe_producer(options)


class TestTrapsOfTheLibraries:
    """What the refusals are for, seen on the libraries themselves."""

    def test_the_default_policy_commits_before_handling(self) -> None:
        declared = KafkaBroker(logger=None).subscriber("a", group_id="g")
        assert declared.ack_policy is AckPolicy.ACK_FIRST
        assert declared._connection_args["enable_auto_commit"] is True
        assert declared._connection_args["auto_offset_reset"] == "latest"

    def test_the_policy_of_a_broker_does_not_reach_a_router(self) -> None:
        broker = KafkaBroker(ack_policy=AckPolicy.MANUAL, logger=None)
        router = KafkaRouter()
        declared = router.subscriber("a", group_id="g")
        broker.include_router(router)
        assert declared._connection_args["enable_auto_commit"] is True
        with pytest.raises(UnsafeMessagingError):
            assert_safe(broker)

    def test_several_workers_read_only_the_first_topic(self) -> None:
        broker = KafkaBroker(ack_policy=AckPolicy.MANUAL, logger=None)
        declared = broker.subscriber("a", "b", group_id="g", max_workers=4)
        assert [topic.name for topic in declared.topics] == ["a"]
        with pytest.raises(UnsafeMessagingError):
            assert_safe(broker)

    @pytest.mark.parametrize("members", [5, 8])
    def test_only_the_range_assignor_keeps_the_topics_of_a_key_together(
        self, members: int
    ) -> None:
        assert separated(RangePartitionAssignor, members) == 0
        assert separated(RoundRobinPartitionAssignor, members) > 0
        assert separated(StickyPartitionAssignor, members) > 0


TOPICS = [f"t{number}" for number in range(5)]


class _Cluster:
    """A cluster as assignors see it."""

    def topics(self) -> set[str]:
        return set(TOPICS)

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(12))


def separated(assignor: Any, members: int) -> int:
    """Return how many partition numbers have topics on different members."""
    StickyPartitionAssignor.member_assignment = None
    metadata = {f"m{one}": assignor.metadata(set(TOPICS)) for one in range(members)}
    where: dict[int, set[str]] = {}
    for member, assignment in assignor.assign(_Cluster(), metadata).items():
        for _, partitions in assignment.assignment:
            for partition in partitions:
                where.setdefault(partition, set()).add(member)
    return sum(len(found) > 1 for found in where.values())
