"""What the relay decides without a broker."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from aiokafka.errors import KafkaTimeoutError

from shared.messaging.errors import BrokerLostDataError, SendFailedError
from shared.messaging.relay.producing import OrderedProducer, Sent
from shared.messaging.relay.pump import refuse_reused_offsets
from shared.messaging.relay.restraint import Restraint
from shared.messaging.relay.standing import ConfirmedRecord
from shared.messaging.topics import partition_of
from tests.unit.shared.messaging.examples import FILLING, outgoing


class FakeBatch:
    """A batch that takes two records."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.previous: list[int] = []

    def append(
        self, *, value: bytes, headers: list[tuple[str, bytes]], **_: Any
    ) -> object:
        if len(self.values) == 2:
            return None
        self.values.append(value)
        self.previous.append(int(dict(headers)["ce_previous"]))
        return object()


class FakeProducer:
    """Confirms batches, except the one with the given number."""

    def __init__(self, *, failing: int | None = None) -> None:
        self.sent: list[tuple[int, FakeBatch]] = []
        self._failing = failing

    def create_batch(self) -> FakeBatch:
        return FakeBatch()

    async def send_batch(
        self, batch: FakeBatch, topic: str, *, partition: int
    ) -> "asyncio.Future[Any]":
        confirmation: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        offset = sum(len(one.values) for place, one in self.sent if place == partition)
        self.sent.append((partition, batch))
        if len(self.sent) - 1 == self._failing:
            confirmation.set_exception(KafkaTimeoutError())
        else:
            confirmation.set_result(type("Confirmed", (), {"offset": offset}))
        return confirmation


def producer_with(fake: FakeProducer) -> OrderedProducer:
    return OrderedProducer("submission.v1", fake)


class TestOrderedProducer:
    async def test_splits_a_partition_into_batches_one_after_another(self) -> None:
        fake = FakeProducer()
        producer = producer_with(fake)
        window = [outgoing(position) for position in range(1, 6)]
        (sent,) = await producer.send(window, filling=FILLING, previous={})
        assert [len(batch.values) for _, batch in fake.sent] == [2, 2, 1]
        assert (sent.first_offset, sent.last.offset, sent.last.position) == (0, 4, 5)

    async def test_sends_nothing_behind_a_failed_send_of_the_same_partition(
        self,
    ) -> None:
        fake = FakeProducer(failing=0)
        producer = producer_with(fake)
        window = [outgoing(position) for position in range(1, 6)]
        with pytest.raises(SendFailedError):
            await producer.send(window, filling=FILLING, previous={})
        assert len(fake.sent) == 1

    async def test_names_the_predecessor_in_the_partition(self) -> None:
        fake = FakeProducer()
        producer = producer_with(fake)
        window = [outgoing(position) for position in (4, 9, 10)]
        before = {partition_of("c-1"): 2}
        await producer.send(window, filling=FILLING, previous=before)
        named = [previous for _, batch in fake.sent for previous in batch.previous]
        assert named == [2, 4, 9]


class TestRefuseReusedOffsets:
    def test_accepts_offsets_beyond_the_last(self) -> None:
        refuse_reused_offsets([_sent(3, first_offset=8)], {3: 7})
        refuse_reused_offsets([_sent(3, first_offset=0)], {})

    @pytest.mark.parametrize("first_offset", [0, 7])
    def test_refuses_an_offset_that_was_given_before(self, first_offset: int) -> None:
        with pytest.raises(BrokerLostDataError):
            refuse_reused_offsets([_sent(3, first_offset=first_offset)], {3: 7})


class TestRestraint:
    def test_begins_the_first_generation_at_once_and_waits_longer_each_time(
        self,
    ) -> None:
        restraint, now, pauses = Restraint(), 0.0, []
        for _ in range(9):
            pauses.append(restraint.pause_seconds(now))
            now += pauses[-1] + 1
        assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60]

    def test_begins_at_once_again_after_a_calm_time(self) -> None:
        restraint = Restraint()
        assert [restraint.pause_seconds(now) for now in (0, 1, 1000)] == [0, 1, 0]


def _sent(partition: int, *, first_offset: int) -> Sent:
    last = ConfirmedRecord(
        partition=partition, offset=first_offset, ce_id=UUID(int=1), position=1
    )
    return Sent(first_offset=first_offset, last=last)
