"""A message that cannot be handled takes its key out of the way, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from shared.errors import NotFoundError, RuleViolatedError, UnavailableError
from shared.ids import new_id
from shared.messaging import ParkedLanes, Reconciler, topic_of
from shared.messaging.consuming import lanes as consuming_lanes
from shared.messaging.parking import releases
from shared.messaging.topics import partition_of
from tests.support.messaging import (
    LISTENER,
    NEWER_CONTRACTS,
    SPEAKER,
    Listener,
    Said,
    Shouted,
    Speaker,
    assert_sound,
    eventually,
    in_order,
    listening,
    running,
    settings_for,
    speaking,
)


class ListenerRefusedError(RuleViolatedError):
    """The listener does not want to hear this."""


@pytest.fixture
def lanes(listener: Listener) -> ParkedLanes:
    return ParkedLanes(listener.service.pool)


@asynccontextmanager
async def talking(
    speaker: Speaker, listener: Listener, servers: str
) -> AsyncIterator[None]:
    async with running(
        speaking(speaker.service, settings_for(SPEAKER, servers)),
        listening(listener, settings_for(LISTENER, servers)),
    ):
        yield


async def heard_last(listener: Listener, *expected: tuple[str, int]) -> None:
    async def condition() -> bool:
        return set(expected) <= set(await listener.heard())

    await eventually(condition)


async def waiting_messages(lanes: ParkedLanes, count: int) -> None:
    async def condition() -> bool:
        return sum(lane.waiting for lane in await lanes.list()) == count

    await eventually(condition)


def refuse(key: str, number: int) -> "_Refusal":
    return _Refusal(key, number)


class _Refusal:
    """Refuses one message, until told otherwise."""

    def __init__(self, key: str, number: int) -> None:
        self.active = True
        self._what = (key, number)

    async def __call__(self, said: Said) -> None:
        if self.active and (said.key, said.number) == self._what:
            raise ListenerRefusedError


class TestParking:
    async def test_parks_the_lane_and_lets_other_keys_go_on(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        listener.before = refuse("bad", 1)
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say_all(["bad", "good"], range(4))
            await heard_last(listener, ("good", 3), ("bad", 0))
            await waiting_messages(lanes, 3)
        (lane,) = await lanes.list(consumer=LISTENER)
        assert (lane.key, lane.status, lane.problem) == ("bad", "parked", "refused")
        assert lane.error == "ListenerRefused"
        waiting = await lanes.messages(lane.lane_id)
        assert [one.problem for one in waiting] == ["refused", "behind", "behind"]
        assert waiting[0].tries == 2
        heard = await listener.heard()
        assert [number for key, number in heard if key == "bad"] == [0]
        assert listener.attempts.count(("bad", 2)) == 0

    async def test_handles_a_released_lane_in_order_with_what_came_behind(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        listener.before = refusal = refuse("bad", 1)
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say_all(["bad"], range(4))
            await waiting_messages(lanes, 3)
            (lane,) = await lanes.list()
            refusal.active = False
            decision = new_id()
            speaking_on = asyncio.create_task(speaker.say_all(["bad"], range(4, 8)))
            await lanes.release(lane.lane_id, decided_by=decision)
            await speaking_on
            await heard_last(listener, ("bad", 7))
            await waiting_messages(lanes, 0)
            await lanes.release(lane.lane_id, decided_by=decision)  # the same again
        heard = await listener.heard()
        assert heard == [("bad", number) for number in range(8)]
        assert await lanes.list() == ()
        service = listener.service
        (found,) = await Reconciler(service.pool, service.log).report()
        assert found.sound, found

    async def test_parks_again_what_fails_again(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        listener.before = refuse("bad", 0)
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("bad", 0)
            await waiting_messages(lanes, 1)
            (lane,) = await lanes.list()
            await lanes.release(lane.lane_id, decided_by=new_id())

            async def tried_again() -> bool:
                (message,) = await lanes.messages(lane.lane_id)
                return message.tries == 4

            await eventually(tried_again)
            (lane,) = await lanes.list()
            assert lane.status == "parked"

    async def test_discards_one_message_and_keeps_what_is_behind_it(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        listener.before = refuse("bad", 0)
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say_all(["bad"], range(3))
            await waiting_messages(lanes, 3)
            (lane,) = await lanes.list()
            await lanes.discard(lane.lane_id, lane.head_event_id, decided_by=new_id())
            (lane,) = await lanes.list()
            assert lane.waiting == 2
            assert await listener.heard() == []
            await lanes.release(lane.lane_id, decided_by=new_id())
            await heard_last(listener, ("bad", 1), ("bad", 2))
            await waiting_messages(lanes, 0)
        assert await listener.heard() == [("bad", 1), ("bad", 2)]
        service = listener.service
        (found,) = await Reconciler(service.pool, service.log).report()
        assert found.sound, found

    async def test_refuses_a_decision_about_a_lane_that_is_not_parked(
        self, lanes: ParkedLanes
    ) -> None:
        with pytest.raises(NotFoundError):
            await lanes.release(str(new_id()), decided_by=new_id())
        assert await lanes.get(str(new_id())) is None
        assert await lanes.get("no id at all") is None

    async def test_tries_longer_before_it_parks_what_may_get_better(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        failures = iter(range(4))

        async def fail_four_times(_: Said) -> None:
            if next(failures, None) is not None:
                raise RuntimeError("something unforeseen")

        listener.before = fail_four_times
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("flaky", 0)
            await heard_last(listener, ("flaky", 0))
        assert len(listener.attempts) == 5
        assert await lanes.list() == ()

    async def test_handles_what_needed_something_that_was_away_without_being_asked(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(consuming_lanes, "LONGEST_TRYING_SECONDS", 0.2)
        monkeypatch.setattr(consuming_lanes, "LEAST_TRYING_SECONDS", 0.2)
        monkeypatch.setattr(releases, "TRY_AGAIN_SECONDS", 1)
        monkeypatch.setattr(releases, "POLL_SECONDS", 0.2)
        away = True

        async def fail(_: Said) -> None:
            if away:
                raise UnavailableError

        listener.before = fail
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say_all(["p1"], range(3))
            await waiting_messages(lanes, 3)
            (lane,) = await lanes.list()
            assert lane.problem == "unavailable"
            tries = (await lanes.messages(lane.lane_id))[0].tries

            async def tried_again() -> bool:
                return (await lanes.messages(lane.lane_id))[0].tries > tries

            await eventually(tried_again)
            away = False
            await heard_last(listener, ("p1", 2))
            await waiting_messages(lanes, 0)
        assert await listener.heard() == [("p1", number) for number in range(3)]
        assert await lanes.list() == ()


class TestUnreadableMessages:
    async def test_parks_an_unknown_type_until_a_newer_version_knows_it(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("p1", 0)
            await speaker.say("p1", 1, kind="shouted")
            await speaker.say("p1", 2)
            await waiting_messages(lanes, 2)
            (lane,) = await lanes.list()
            assert (lane.problem, lane.type) == (
                "unknown_type",
                "submission.Shouted.v1",
            )
        newer = listener.consumer({Said: listener.on_said, Shouted: listener.on_said})
        upgraded = listening(
            listener,
            settings_for(LISTENER, kafka_bootstrap),
            contracts=NEWER_CONTRACTS,
            consumer=newer,
        )
        async with running(upgraded):
            await heard_last(listener, ("p1", 2))
        heard = await listener.heard()
        assert heard == [("p1", 0), ("p1", 1), ("p1", 2)]

    async def test_skips_a_type_it_knows_and_does_not_handle(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("p1", 0, kind="whispered")
            await speaker.say("p1", 1)
            await heard_last(listener, ("p1", 1))
        assert await lanes.list() == ()
        assert in_order(await listener.heard())

    async def test_parks_bytes_that_nobody_can_read(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("p1", 0)
            await heard_last(listener, ("p1", 0))
            await send_raw(kafka_bootstrap, key=b"\xff\x00", value=b"\x00\xfe")
            await send_raw(kafka_bootstrap, key=None, value=b"not json")
            await send_raw(
                kafka_bootstrap,
                key=b"p9",
                value=b"{}",
                headers=[("ce_id", b"\xff"), ("ce_type", b"\x00")],
            )
            await waiting_messages(lanes, 3)
            await speaker.say("p1", 1)
            await heard_last(listener, ("p1", 1))
        problems = {lane.problem for lane in await lanes.list()}
        assert problems == {"unreadable_headers"}

    async def test_reads_past_a_record_that_cannot_even_be_parsed(
        self,
        speaker: Speaker,
        listener: Listener,
        lanes: ParkedLanes,
        kafka_bootstrap: str,
    ) -> None:
        """Aiokafka raises for it for ever, whatever else there is to read."""
        async with talking(speaker, listener, kafka_bootstrap):
            await speaker.say("p1", 0)
            await heard_last(listener, ("p1", 0))
            await send_unparsable(kafka_bootstrap, partition=partition_of("p1"))
            await speaker.say_all(["p1", "p2", "p3"], [1, 2])
            await heard_last(listener, ("p1", 2), ("p2", 2), ("p3", 2))
            await assert_sound(speaker, listener)
        (lane,) = await lanes.list()
        assert lane.key == f"{topic_of(SPEAKER)}/{partition_of('p1')}"
        assert lane.problem == "unreadable_headers"


class NotUtf8(str):
    """The name of a header as no honest client writes it."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


async def send_unparsable(servers: str, *, partition: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(
            magic=2,
            compression_type=0,
            is_transactional=0,
            producer_id=-1,
            producer_epoch=-1,
            base_sequence=0,
            batch_size=16384,
        )
        headers = [(NotUtf8("ce_id"), b"x")]
        batch.append(key=b"p1", value=b"{}", timestamp=None, headers=headers)
        sent = await producer.send_batch(batch, topic_of(SPEAKER), partition=partition)
        await sent
    finally:
        await producer.stop()


async def send_raw(
    servers: str,
    *,
    key: bytes | None,
    value: bytes,
    headers: list[tuple[str, bytes]] | None = None,
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        await producer.send_and_wait(
            topic_of(SPEAKER), key=key, value=value, headers=headers or []
        )
    finally:
        await producer.stop()
