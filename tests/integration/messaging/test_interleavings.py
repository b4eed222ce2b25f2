"""Every interleaving of the topics of one key: each topic keeps its order."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any, Literal

import pytest

from shared.contracts.message import Message, Received
from shared.errors import RuleViolatedError
from shared.eventlog import InboxMark, UnitOfWork
from shared.ids import derived_id
from shared.messaging import Consumer, ParkedLanes
from shared.messaging.arrivals import Arrival
from shared.messaging.consuming.lanes import LaneWork
from shared.messaging.envelope import Record
from shared.messaging.parking.parking import Parking
from tests.support.messaging import LISTENER, Listener
from tests.unit.shared.messaging.examples import AT

Step = tuple[str, int]


class Submitted(Message):
    type: Literal["submission.Said.v1"] = "submission.Said.v1"
    number: int


class Moderated(Message):
    type: Literal["moderation.Said.v1"] = "moderation.Said.v1"
    number: int


BODIES: dict[str, type[Submitted] | type[Moderated]] = {
    "submission": Submitted,
    "moderation": Moderated,
}
FIRST: Sequence[Step] = [("submission", number) for number in (1, 2, 3)]
SECOND: Sequence[Step] = [("moderation", number) for number in (1, 2)]


def interleavings() -> Iterator[tuple[Step, ...]]:
    """Yield every merge of the two topics, each in its own order."""
    length = len(FIRST) + len(SECOND)
    for places in combinations(range(length), len(FIRST)):
        first, second = iter(FIRST), iter(SECOND)
        yield tuple(
            next(first) if place in places else next(second) for place in range(length)
        )


class Hearing:
    """Handles messages of both topics and keeps what happened, in order."""

    def __init__(self, listener: Listener, *, refuse: Step | None = None) -> None:
        self.steps: list[Step] = []
        self.refuse = refuse
        self._listener = listener
        service = listener.service
        consumer = Consumer(
            name=LISTENER, handlers={Submitted: self.hear, Moderated: self.hear}
        )
        self.work = LaneWork(
            consumer=consumer,
            log=service.log,
            parking=Parking(service.pool, LISTENER),
            keys_at_once=4,
        )

    async def hear(self, message: Received[Any]) -> None:
        step = (message.source, message.body.number)
        if step == self.refuse:
            raise RuleViolatedError
        mark = InboxMark(consumer=LISTENER, event_id=message.event_id)
        await self._listener.service.log.append(UnitOfWork(inbox=(mark,)))
        self.steps.append(step)


def arrival(key: str, step: Step) -> Arrival:
    """Return the message of *step* about *key* as the reader would."""
    source, number = step
    event_id = derived_id(key, source, str(number))
    body = BODIES[source](number=number)
    return Arrival(
        record=Record(
            topic=f"{source}.v1",
            partition=0,
            offset=number,
            key=key.encode(),
            value=body.model_dump_json().encode(),
            headers=(),
        ),
        lane=key,
        event_id=event_id,
        message=Received(
            body=body,
            event_id=event_id,
            source=source,
            stream="case-1",
            version=number,
            position=number,
            epoch=1,
            generation=1,
            occurred_at=AT,
            correlation_id=event_id,
        ),
    )


def keeps_each_topic_in_order(steps: Sequence[Step]) -> bool:
    return all(
        earlier < later
        for source in BODIES
        for earlier, later in pairwise(n for name, n in steps if name == source)
    )


@pytest.mark.parametrize("order", list(interleavings()))
class TestInterleaving:
    async def test_handles_everything_once_in_the_order_of_arrival(
        self, listener: Listener, order: tuple[Step, ...]
    ) -> None:
        hearing = Hearing(listener)
        arrivals = [arrival("c-1", step) for step in order]
        await hearing.work.settle(arrivals[:3])
        await hearing.work.settle(arrivals)  # all of it again, and the rest
        assert hearing.steps == list(order)
        assert keeps_each_topic_in_order(hearing.steps)

    async def test_parks_both_topics_of_a_key_and_no_other_key(
        self, listener: Listener, order: tuple[Step, ...]
    ) -> None:
        refused = ("submission", 2)
        hearing = Hearing(listener, refuse=refused)
        await hearing.work.settle([arrival("c-1", step) for step in order])
        assert hearing.steps == list(order[: order.index(refused)])
        lanes = ParkedLanes(listener.service.pool)
        (lane,) = await lanes.list()
        waiting = await lanes.messages(lane.lane_id)
        expected = [
            arrival("c-1", step).event_id for step in order[order.index(refused) :]
        ]
        assert [one.event_id for one in waiting] == expected
        before = len(hearing.steps)
        await hearing.work.settle([arrival("c-2", step) for step in FIRST[:1]])
        assert hearing.steps[before:] == FIRST[:1]
