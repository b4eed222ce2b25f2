"""What every event log does; the fake may be used because it passes this too."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from shared.errors import BadInputError, ConflictError
from shared.eventlog import (
    GENESIS_CHAIN,
    MAX_PAYLOAD_BYTES,
    DemonstrationOnlyError,
    EventIdReusedError,
    EventLog,
    LogRestoredError,
    MalformedUnitError,
    PayloadTooLargeError,
    PostgresEventLog,
    StoredEvent,
    StreamWrite,
    UnitOfWork,
    chain_hash,
    leaf_hash,
    scan,
)
from shared.ids import new_id
from tests.support.event_log import (
    OCCURRED_AT,
    new_answer,
    new_event,
    new_mark,
    new_stream,
    unit,
)
from tests.support.memory_log import MemoryEventLog

Batches = AsyncGenerator[tuple[tuple[StoredEvent, ...], int], None]


@pytest.fixture(params=["memory", "postgresql"])
def log(request: pytest.FixtureRequest) -> EventLog:
    if request.param == "memory":
        return MemoryEventLog()
    log: PostgresEventLog = request.getfixturevalue("event_log")
    return log


async def positions(log: EventLog) -> list[int]:
    return [event.position for event in await log.read_after(0)]


class TestAppend:
    async def test_returns_the_position_of_the_last_event(self, log: EventLog) -> None:
        appended = await log.append(unit(new_stream(), 0, new_event(), new_event()))
        assert (appended.outcome, appended.position) == ("written", 2)

    async def test_stores_exact_bytes(self, log: EventLog) -> None:
        stream = new_stream()
        new = new_event(payload='{"ä":  1, "a":1.50}'.encode())
        await log.append(unit(stream, 0, new))
        (stored,) = await log.read_stream(stream)
        assert (stored.payload, stored.metadata) == (new.payload, new.metadata)
        assert (stored.event_id, stored.type) == (new.event_id, new.type)
        assert (stored.category, stored.version) == ("case", 1)
        assert stored.occurred_at == OCCURRED_AT

    async def test_writes_several_streams_or_none(self, log: EventLog) -> None:
        first, second = new_stream(), new_stream("person")
        both = UnitOfWork(
            writes=(
                StreamWrite(stream=first, expected_version=0, events=(new_event(),)),
                StreamWrite(stream=second, expected_version=1, events=(new_event(),)),
            )
        )
        with pytest.raises(ConflictError):
            await log.append(both)
        assert await log.read_stream(first) == ()
        right = replace(both.writes[1], expected_version=0)
        await log.append(UnitOfWork(writes=(both.writes[0], right)))
        assert len(await log.read_stream(first)) == 1
        assert len(await log.read_stream(second)) == 1

    async def test_refuses_a_wrong_version(self, log: EventLog) -> None:
        stream = new_stream()
        await log.append(unit(stream, 0, new_event()))
        with pytest.raises(ConflictError) as refused:
            await log.append(unit(stream, 0, new_event()))
        assert refused.value.context == {"stream": stream, "actual_version": 1}
        with pytest.raises(ConflictError):
            await log.append(unit(stream, 2, new_event()))

    async def test_guards_a_stream_without_writing_to_it(self, log: EventLog) -> None:
        stream, other = new_stream(), new_stream()
        await log.append(unit(stream, 0, new_event()))
        guard = StreamWrite(stream=stream, expected_version=0)
        write = StreamWrite(stream=other, expected_version=0, events=(new_event(),))
        with pytest.raises(ConflictError):
            await log.append(UnitOfWork(writes=(guard, write)))
        right = replace(guard, expected_version=1)
        appended = await log.append(UnitOfWork(writes=(right, write)))
        assert appended.position == 2

    async def test_chains_concurrent_writes_to_one_stream(self, log: EventLog) -> None:
        stream = new_stream()
        outcomes = await asyncio.gather(
            *(log.append(unit(stream, version, new_event())) for version in range(20))
        )
        assert [appended.position for appended in outcomes] == list(range(1, 21))
        stored = await log.read_stream(stream)
        assert [event.version for event in stored] == list(range(1, 21))

    async def test_lets_one_of_two_rivals_win(self, log: EventLog) -> None:
        stream = new_stream()
        outcomes = await asyncio.gather(
            *(log.append(unit(stream, 0, new_event())) for _ in range(8)),
            return_exceptions=True,
        )
        losers = [one for one in outcomes if isinstance(one, ConflictError)]
        assert len(losers) == 7
        assert len(await log.read_stream(stream)) == 1

    async def test_stores_each_winner_as_itself_wherever_losers_stand(
        self, log: EventLog
    ) -> None:
        taken = new_stream()
        await log.append(unit(taken, 0, new_event()))
        late = [unit(taken, 0, new_event(payload=b'{"late":1}')) for _ in range(3)]
        winners = [
            unit(new_stream(), 0, new_event(payload=b'{"number":%d}' % number))
            for number in range(3)
        ]
        mixed = [each for pair in zip(late, winners, strict=True) for each in pair]
        results = await asyncio.gather(
            *(log.append(each) for each in mixed), return_exceptions=True
        )
        assert [isinstance(each, ConflictError) for each in results] == [
            True,
            False,
        ] * 3
        for winner in winners:
            (write,) = winner.writes
            (stored,) = await log.read_stream(write.stream)
            assert stored.event_id == write.events[0].event_id
            assert stored.payload == write.events[0].payload
            assert stored.leaf == leaf_hash(stored)

    async def test_says_where_the_log_stands_for_a_unit_without_events(
        self, log: EventLog
    ) -> None:
        await log.append(unit(new_stream(), 0, new_event()))
        appended = await log.append(UnitOfWork(inbox=(new_mark(),)))
        assert (appended.outcome, appended.position) == ("written", 1)


class TestRepeatedAppend:
    async def test_returns_the_first_position(self, log: EventLog) -> None:
        work = unit(new_stream(), 0, new_event(), new_event())
        await log.append(work)
        await log.append(unit(new_stream(), 0, new_event()))
        again = await log.append(work)
        assert (again.outcome, again.position) == ("repeated", 2)
        assert await positions(log) == [1, 2, 3]

    async def test_is_recognised_at_the_same_moment(self, log: EventLog) -> None:
        work = unit(new_stream(), 0, new_event(), inbox=(new_mark(),))
        outcomes = await asyncio.gather(*(log.append(work) for _ in range(5)))
        assert sorted(one.outcome for one in outcomes) == 4 * ["repeated"] + ["written"]
        assert {one.position for one in outcomes} == {1}

    async def test_refuses_other_content_under_a_known_id(self, log: EventLog) -> None:
        stream, event = new_stream(), new_event()
        await log.append(unit(stream, 0, event))
        other = replace(event, payload=b"{}")
        with pytest.raises(EventIdReusedError):
            await log.append(unit(stream, 1, other))
        with pytest.raises(EventIdReusedError):
            await log.append(unit(new_stream(), 0, event))
        assert await positions(log) == [1]

    async def test_refuses_known_ids_among_new_ones(self, log: EventLog) -> None:
        stream, event = new_stream(), new_event()
        await log.append(unit(stream, 0, event))
        with pytest.raises(EventIdReusedError):
            await log.append(unit(stream, 1, event, new_event()))

    async def test_takes_one_cause_decided_twice_at_once_for_a_lost_race(
        self, log: EventLog
    ) -> None:
        """Two processes, each with its own clock: the loser has to decide again."""
        stream, event = new_stream(), new_event()
        later = replace(event, occurred_at=OCCURRED_AT + timedelta(milliseconds=1))
        first, second = await asyncio.gather(
            log.append(unit(stream, 0, event)),
            log.append(unit(stream, 0, later)),
            return_exceptions=True,
        )
        assert not isinstance(first, BaseException)
        assert isinstance(second, ConflictError)
        assert second.context == {"stream": stream, "actual_version": 1}
        assert await positions(log) == [1]

    async def test_refuses_one_id_twice_in_a_unit(self, log: EventLog) -> None:
        event = new_event()
        with pytest.raises(BadInputError):
            await log.append(unit(new_stream(), 0, event, event))


class TestInbox:
    async def test_is_marked_with_the_facts(self, log: EventLog) -> None:
        mark, other = new_mark(), new_mark()
        await log.append(unit(new_stream(), 0, new_event(), inbox=(mark,)))
        ids = [mark.event_id, other.event_id]
        assert await log.handled("submission", ids) == {mark.event_id}

    async def test_lets_a_message_take_effect_once(self, log: EventLog) -> None:
        mark, stream = new_mark(), new_stream()
        await log.append(unit(stream, 0, new_event(), inbox=(mark,)))
        again = await log.append(unit(stream, 1, new_event(), inbox=(mark,)))
        assert (again.outcome, again.position) == ("handled", 1)
        assert len(await log.read_stream(stream)) == 1

    async def test_recognises_a_message_that_was_decided_anew(
        self, log: EventLog
    ) -> None:
        mark, stream, event = new_mark(), new_stream(), new_event()
        await log.append(unit(stream, 0, event, inbox=(mark,)))
        later = replace(event, payload=b'{"words":813}')
        again = await log.append(unit(stream, 1, later, inbox=(mark,)))
        assert again.outcome == "handled"

    async def test_is_not_marked_by_a_loser(self, log: EventLog) -> None:
        mark = new_mark()
        with pytest.raises(ConflictError):
            await log.append(unit(new_stream(), 3, new_event(), inbox=(mark,)))
        assert await log.handled("submission", [mark.event_id]) == frozenset()

    async def test_takes_one_of_two_at_the_same_moment(self, log: EventLog) -> None:
        mark = new_mark()
        outcomes = await asyncio.gather(
            *(
                log.append(unit(new_stream(), 0, new_event(), inbox=(mark,)))
                for _ in range(4)
            )
        )
        assert sorted(one.outcome for one in outcomes) == 3 * ["handled"] + ["written"]
        assert await positions(log) == [1]


class TestStoredAnswer:
    async def test_comes_back_with_its_position(self, log: EventLog) -> None:
        answer, stream = new_answer(), new_stream()
        await log.append(unit(stream, 0, new_event(), answer=answer))
        await log.append(unit(stream, 1, new_event()))
        again = await log.append(unit(stream, 2, new_event(), answer=answer))
        assert (again.outcome, again.position) == ("answered", 1)
        assert again.answer == replace(answer, position=1)
        assert await log.answer(answer.request) == again.answer
        assert len(await log.read_stream(stream)) == 2

    async def test_is_stored_without_facts(self, log: EventLog) -> None:
        refusal = replace(new_answer(), status=422)
        assert (await log.append(UnitOfWork(answer=refusal))).outcome == "written"
        assert await log.answer(refusal.request) == refusal

    async def test_is_none_for_another_key(self, log: EventLog) -> None:
        answer = new_answer()
        await log.append(UnitOfWork(answer=answer))
        assert await log.answer(replace(answer.request, key="another")) is None

    async def test_is_given_once_to_two_at_the_same_moment(self, log: EventLog) -> None:
        answer = new_answer()
        outcomes = await asyncio.gather(
            *(
                log.append(unit(new_stream(), 0, new_event(), answer=answer))
                for _ in range(2)
            )
        )
        assert sorted(one.outcome for one in outcomes) == ["answered", "written"]
        assert await positions(log) == [1]

    async def test_over_its_limit_is_refused(self, log: EventLog) -> None:
        with pytest.raises(MalformedUnitError):
            await log.append(UnitOfWork(answer=new_answer(body=b"x" * (16 * 1024 + 1))))


class TestBadInput:
    async def test_takes_a_payload_of_exactly_the_limit(self, log: EventLog) -> None:
        largest = new_event(payload=b"x" * MAX_PAYLOAD_BYTES)
        assert (await log.append(unit(new_stream(), 0, largest))).position == 1

    async def test_refuses_a_payload_one_byte_over_the_limit(
        self, log: EventLog
    ) -> None:
        too_large = new_event(payload=b"x" * (MAX_PAYLOAD_BYTES + 1))
        with pytest.raises(PayloadTooLargeError) as refused:
            await log.append(unit(new_stream(), 0, too_large))
        assert refused.value.context["size_bytes"] == MAX_PAYLOAD_BYTES + 1

    async def test_refuses_only_the_unit_with_a_nul(self, log: EventLog) -> None:
        good = [unit(new_stream(), 0, new_event()) for _ in range(10)]
        bad = unit(new_stream(), 0, new_event("submission.\0"))
        outcomes = await asyncio.gather(
            *(log.append(work) for work in [*good[:5], bad, *good[5:]]),
            return_exceptions=True,
        )
        assert isinstance(outcomes.pop(5), MalformedUnitError)
        assert not any(isinstance(one, BaseException) for one in outcomes)
        assert await positions(log) == list(range(1, 11))

    async def test_refuses_a_schema_version_out_of_range(self, log: EventLog) -> None:
        with pytest.raises(MalformedUnitError):
            await log.append(unit(new_stream(), 0, new_event(schema_version=40_000)))

    @pytest.mark.parametrize(
        "moment",
        [datetime(2026, 9, 1), datetime(9999, 12, 31, tzinfo=UTC)],  # noqa: DTZ001
    )
    async def test_refuses_a_time_that_cannot_be_stored(
        self, log: EventLog, moment: datetime
    ) -> None:
        event = replace(new_event(), occurred_at=moment)
        with pytest.raises(MalformedUnitError):
            await log.append(unit(new_stream(), 0, event))

    async def test_refuses_metadata_over_its_limit(self, log: EventLog) -> None:
        event = replace(new_event(), metadata=b"x" * 8193)
        with pytest.raises(MalformedUnitError):
            await log.append(unit(new_stream(), 0, event))

    @pytest.mark.parametrize("name", ["case", "Case-1", "case-", "case-a b", "case-\0"])
    async def test_refuses_a_malformed_stream(self, log: EventLog, name: str) -> None:
        with pytest.raises(MalformedUnitError):
            await log.append(unit(name, 0, new_event()))

    async def test_refuses_a_stream_twice_in_a_unit(self, log: EventLog) -> None:
        write = StreamWrite(stream=new_stream(), expected_version=0)
        with pytest.raises(MalformedUnitError):
            await log.append(UnitOfWork(writes=(write, write)))

    async def test_refuses_an_offset_in_a_real_log(self, log: EventLog) -> None:
        offset = new_event("submission.ClockOffsetSet")
        with pytest.raises(DemonstrationOnlyError):
            await log.append(unit("clock-demonstration", 0, offset))
        assert not (await log.head()).demonstration


class TestReading:
    async def test_reads_a_stream_at_a_version(self, log: EventLog) -> None:
        stream = new_stream()
        await log.append(unit(stream, 0, *(new_event() for _ in range(5))))
        middle = await log.read_stream(stream, after_version=1, up_to_version=3)
        assert [event.version for event in middle] == [2, 3]
        assert await log.read_stream(new_stream()) == ()

    async def test_reads_after_a_position_in_order(self, log: EventLog) -> None:
        for _ in range(4):
            await log.append(unit(new_stream(), 0, new_event()))
        assert [e.position for e in await log.read_after(1, limit=2)] == [2, 3]
        assert await log.read_after(4) == ()

    async def test_reads_up_to_a_position(self, log: EventLog) -> None:
        for category in ("case", "person", "case", "case"):
            await log.append(unit(new_stream(category), 0, new_event()))
        found = await log.read_after(1, up_to=3)
        assert [event.position for event in found] == [2, 3]
        assert await log.read_after(1, up_to=2, categories=["case"]) == ()
        assert await log.read_after(3, up_to=3) == ()

    async def test_scans_a_stretch_in_steps(self, log: EventLog) -> None:
        for category in ("case", "person", "case", "person", "case", "case"):
            await log.append(unit(new_stream(category), 0, new_event()))
        steps = [
            ([event.position for event in events], scanned_to)
            async for events, scanned_to in scan(
                log, 1, 5, categories=["case"], batch=1
            )
        ]
        assert steps == [([3], 3), ([5], 5)]
        whole = [found async for found in scan(log, 0, 4, categories=["person"])]
        assert [scanned_to for _, scanned_to in whole] == [4]
        assert [found async for found in scan(log, 4, 4)] == []

    async def test_scans_no_more_than_a_step_at_a_time(
        self, log: EventLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.eventlog.scanning.SCAN_POSITIONS", 2)
        for category in ("case", "person", "person", "person", "case"):
            await log.append(unit(new_stream(category), 0, new_event()))
        steps = [
            ([event.position for event in events], scanned_to)
            async for events, scanned_to in scan(log, 0, 5, categories=["case"])
        ]
        assert steps == [([1], 2), ([], 4), ([5], 5)]

    async def test_reads_the_categories_asked_for(self, log: EventLog) -> None:
        for category in ("case", "person", "case"):
            await log.append(unit(new_stream(category), 0, new_event()))
        cases = await log.read_after(0, categories=["case"])
        assert [event.position for event in cases] == [1, 3]

    async def test_reads_facts_as_it_reads_events(self, log: EventLog) -> None:
        for category in ("case", "person", "case", "case"):
            await log.append(unit(new_stream(category), 0, new_event()))
        events = await log.read_after(1, limit=2, categories=["case"])
        facts = await log.facts_after(1, limit=2, categories=["case"])
        assert [fact.position for fact in facts] == [3, 4]
        for fact, event in zip(facts, events, strict=True):
            assert (fact.stream, fact.type) == (event.stream, event.type)
            assert fact.schema_version == event.schema_version
            assert fact.payload == event.payload

    async def test_lists_streams_by_exact_prefix(self, log: EventLog) -> None:
        for name in ("case-a%", "case-a_1"):
            with pytest.raises(MalformedUnitError):
                await log.append(unit(name.replace("_", " "), 0, new_event()))
        for name in ("case-b", "case-a.1", "case-a.1.2", "person-a.1"):
            await log.append(unit(name, 0, new_event(), new_event()))
        assert await log.streams("case-a") == ("case-a.1", "case-a.1.2")
        assert await log.streams("case-%") == ()
        assert await log.streams("case-_") == ()
        assert await log.streams("case-") == ("case-a.1", "case-a.1.2", "case-b")

    async def test_chains_every_leaf_to_the_one_before(self, log: EventLog) -> None:
        for _ in range(3):
            await log.append(unit(new_stream(), 0, new_event(), new_event()))
        chain = GENESIS_CHAIN
        for event in await log.read_after(0):
            assert event.leaf == leaf_hash(event)
            chain = chain_hash(chain, event.leaf)
            assert event.chain == chain
        assert (await log.head()).chain == chain

    async def test_never_goes_back_in_time(self, log: EventLog) -> None:
        for _ in range(5):
            await log.append(unit(new_stream(), 0, new_event()))
        recorded = [event.recorded_at for event in await log.read_after(0)]
        assert recorded == sorted(recorded)


class TestFollow:
    async def test_yields_what_is_there_and_what_comes(self, log: EventLog) -> None:
        await log.append(unit(new_stream(), 0, new_event(), new_event()))
        seen: list[StoredEvent] = []

        async def follow() -> int:
            async with aclosing(cast(Batches, log.follow(0, batch=2))) as batches:
                async for events, scanned_to in batches:
                    seen.extend(events)
                    if len(seen) == 5:
                        return scanned_to
            raise AssertionError

        following = asyncio.create_task(follow())
        await asyncio.sleep(0.05)
        for _ in range(3):
            await log.append(unit(new_stream(), 0, new_event()))
        assert await asyncio.wait_for(following, 5) == 5
        assert [event.position for event in seen] == [1, 2, 3, 4, 5]

    async def test_moves_over_what_is_not_asked_for(self, log: EventLog) -> None:
        await log.append(unit(new_stream("person"), 0, new_event(), new_event()))
        follow = cast(Batches, log.follow(0, categories=["case"]))
        async with aclosing(follow) as batches:
            assert await asyncio.wait_for(anext(batches), 5) == ((), 2)

    async def test_refuses_a_checkpoint_beyond_the_log(self, log: EventLog) -> None:
        await log.append(unit(new_stream(), 0, new_event()))
        with pytest.raises(LogRestoredError):
            await anext(aiter(log.follow(2)))


class TestHead:
    async def test_starts_at_nothing(self, log: EventLog) -> None:
        head = await log.head()
        assert (head.position, head.chain, head.epoch) == (0, GENESIS_CHAIN, 1)

    async def test_ids_are_unknown_before(self, log: EventLog) -> None:
        assert await log.handled("submission", [new_id()]) == frozenset()
