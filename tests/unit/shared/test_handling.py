"""The only write path: one unit of work per cause, and every cause once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, assert_never

import pytest
from pydantic import Field

from shared.contracts.message import Message, Received
from shared.decider import Decider, Fact
from shared.errors import ConflictError, RuleViolatedError
from shared.eventlog import Appended, Codec, RequestKey, StoredEvent, UnitOfWork
from shared.handling import (
    ATTEMPTS,
    AlreadyAnsweredError,
    Cause,
    Handling,
    KeyReusedError,
    Loader,
    PendingRequest,
    Step,
)
from shared.ids import derived_id
from tests.support.memory_log import MemoryEventLog

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Opened(Fact):
    type: Literal["test.Opened"] = "test.Opened"


class Added(Fact):
    type: Literal["test.Added"] = "test.Added"
    amount: int


TestFact: TypeAlias = Annotated[Opened | Added, Field(discriminator="type")]


@dataclass(frozen=True, slots=True)
class Add:
    amount: int


class TooMuchError(RuleViolatedError):
    """The total may not exceed ten."""


def decide(command: Add, total: int) -> tuple[Opened | Added, ...]:
    if command.amount == 0:
        return ()
    if total + command.amount > 10:
        raise TooMuchError(total=total)
    added = Added(occurred_at=NOW, amount=command.amount)
    return (added,) if total else (Opened(occurred_at=NOW), added)


def evolve(total: int, fact: Opened | Added) -> int:
    match fact:
        case Opened():
            return total
        case Added(amount=amount):
            return total + amount
        case _:
            assert_never(fact)


counter = Decider(category="case", decide=decide, evolve=evolve, initial=0)


def counted(facts: int, _: Opened | Added) -> int:
    return facts + 1


census = Decider(category="case", decide=decide, evolve=counted, initial=0)


def by_request(key: str = "key-1", body: bytes = b"body") -> Cause:
    command_id = derived_id("request", key)
    return Cause(
        command_id=command_id,
        actor="p-1",
        role="participant",
        correlation_id=command_id,
        causation_id=command_id,
        request=PendingRequest(
            key=RequestKey(actor="p-1", route="POST /things", key=key),
            body_sha256=body.ljust(32),
        ),
    )


def step(amount: int, stream: str = "case-1") -> Step:
    return Step(counter, stream, Add(amount))


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog()


@pytest.fixture
def handling(log: MemoryEventLog) -> Handling:
    return Handling(log, Codec(TestFact))


class TestHandling:
    async def test_appends_what_was_decided_and_answers_with_ids(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        cause = by_request().answer(201, lambda facts: {"facts": len(facts)})
        handled = await handling(cause, step(3))
        assert (handled.status, handled.body, handled.position) == (
            201,
            {"facts": 2},
            2,
        )
        assert [e.type for e in await log.read_stream("case-1")] == [
            "test.Opened",
            "test.Added",
        ]

    async def test_decides_each_step_on_top_of_the_one_before(
        self, handling: Handling
    ) -> None:
        handled = await handling(by_request(), step(3), step(4))
        assert [type(fact).__name__ for fact in handled.facts] == [
            "Opened",
            "Added",
            "Added",
        ]

    async def test_writes_all_streams_or_none(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        with pytest.raises(TooMuchError):
            await handling(by_request(), step(3, "case-1"), step(11, "case-2"))
        assert await log.read_stream("case-1") == ()

    async def test_answers_the_same_request_as_it_did_before(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        cause = by_request().answer(201, {"id": "c-1"})
        first = await handling(cause, step(3))
        with pytest.raises(AlreadyAnsweredError) as again:
            await handling(cause, step(3))
        assert again.value.answer.status == 201
        assert again.value.answer.body == b'{"id":"c-1"}'
        assert again.value.answer.position == first.position
        assert (await log.head()).position == first.position

    async def test_refuses_another_body_under_the_same_key(
        self, handling: Handling
    ) -> None:
        await handling(by_request(body=b"one"), step(3))
        with pytest.raises(KeyReusedError):
            await handling(by_request(body=b"two"), step(3))

    async def test_remembers_a_refusal_as_the_answer(self, handling: Handling) -> None:
        with pytest.raises(TooMuchError):
            await handling(by_request(), step(11))
        with pytest.raises(AlreadyAnsweredError) as again:
            await handling(by_request(), step(1))
        assert again.value.answer.status == 422
        assert b"urn:attest:problem:TooMuch" in again.value.answer.body

    async def test_handles_a_message_once(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        cause = Cause.by_message("review", received())
        await handling(cause, step(3))
        repeated = await handling(cause, step(3))
        assert repeated.facts == ()
        assert len(await log.read_stream("case-1")) == 2

    async def test_marks_a_message_that_changes_nothing(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        message = received()
        await handling(Cause.by_message("review", message), step(0))
        assert await log.handled("review", [message.event_id]) == {message.event_id}

    async def test_decides_again_when_another_writer_was_first(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        other = Handling(log, Codec(TestFact))
        raced = False

        async def build(loader: Loader) -> Sequence[Step]:
            nonlocal raced
            await loader.state(counter, "case-1")
            if not raced:
                raced = True
                await other(by_request("other"), step(4))
            return (step(3),)

        handled = await handling.plan(by_request(), build)
        assert [fact.model_dump()["amount"] for fact in handled.facts] == [3]
        assert await handling.fold(counter, "case-1") == (3, 7)

    async def test_guards_streams_it_only_read(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        other = Handling(log, Codec(TestFact))
        seen: list[int] = []

        async def build(loader: Loader) -> Sequence[Step]:
            seen.append(await loader.state(counter, "case-2"))
            if len(seen) == 1:
                await other(by_request("other"), step(4, "case-2"))
            return (step(3),)

        await handling.plan(by_request(), build)
        assert seen == [0, 4]

    async def test_gives_up_after_losing_every_race(self, log: MemoryEventLog) -> None:
        pauses: list[int] = []

        async def pause(failures: int) -> None:
            pauses.append(failures)

        losing = Handling(AlwaysLate(), Codec(TestFact), pause=pause)
        with pytest.raises(ConflictError):
            await losing(by_request(), step(3))
        assert AlwaysLate.tries == ATTEMPTS
        assert pauses == list(range(1, ATTEMPTS))

    async def test_keeps_what_two_deciders_make_of_a_stream_apart(
        self, handling: Handling
    ) -> None:
        await handling(by_request(), step(3))
        assert await handling.fold(counter, "case-1") == (2, 3)
        assert await handling.fold(census, "case-1") == (2, 2)

    async def test_lets_no_decision_rest_on_two_views_of_a_stream(
        self, handling: Handling
    ) -> None:
        async def build(loader: Loader) -> Sequence[Step]:
            await loader.state(counter, "case-1")
            await loader.state(census, "case-1")
            return ()

        with pytest.raises(ValueError, match="two deciders"):
            await handling.plan(by_request(), build)

    async def test_lets_two_same_requests_at_once_have_one_effect(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        cause = by_request().answer(201, {"id": "c-1"})
        results = await asyncio.gather(
            handling(cause, step(3)), handling(cause, step(3)), return_exceptions=True
        )
        assert (await log.head()).position == 2
        assert all(
            not isinstance(result, BaseException)
            or isinstance(result, AlreadyAnsweredError)
            for result in results
        )

    async def test_answers_a_request_that_was_carried_out_while_it_was_refused(
        self, handling: Handling
    ) -> None:
        """The second of two same requests folds after the first has committed."""
        cause = by_request().answer(201, {"id": "c-1"})

        async def build(_: Loader) -> Sequence[Step]:
            await handling(cause, step(6))
            return (step(6),)

        with pytest.raises(AlreadyAnsweredError) as again:
            await handling.plan(cause, build)
        assert again.value.answer.status == 201
        assert again.value.answer.body == b'{"id":"c-1"}'

    async def test_refuses_a_key_that_was_used_meanwhile_for_something_else(
        self, handling: Handling
    ) -> None:
        async def build(_: Loader) -> Sequence[Step]:
            await handling(by_request(body=b"one"), step(6))
            return (step(6),)

        with pytest.raises(KeyReusedError):
            await handling.plan(by_request(body=b"two"), build)


class TestRecalling:
    """A decision may rest on what is known here, as long as the log agrees."""

    async def test_decides_on_what_it_stored_itself_without_reading_it_again(
        self,
    ) -> None:
        log = ReadCounted()
        handling = Handling(log, Codec(TestFact))
        await handling(by_request("first"), step(3))
        reads = log.reads
        handled = await handling(by_request("second"), step(4))
        assert [type(fact).__name__ for fact in handled.facts] == ["Added"]
        assert (log.reads, await handling.fold(counter, "case-1")) == (reads, (3, 7))

    async def test_writes_on_top_of_what_another_process_wrote_meanwhile(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        await handling(by_request("first"), step(3))
        await Handling(log, Codec(TestFact))(by_request("other"), step(4))
        await handling(by_request("second"), step(2))
        assert await handling.fold(counter, "case-1") == (4, 9)

    async def test_refuses_by_what_the_log_says_not_by_what_it_recalls(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        await handling(by_request("first"), step(8))
        await Handling(log, Codec(TestFact))(by_request("other"), step(-6))
        await handling(by_request("second"), step(5))
        assert await handling.fold(counter, "case-1") == (4, 7)

    async def test_stores_a_refusal_that_the_log_confirms(
        self, handling: Handling
    ) -> None:
        await handling(by_request("first"), step(8))
        with pytest.raises(TooMuchError):
            await handling(by_request("second"), step(3))
        with pytest.raises(AlreadyAnsweredError) as again:
            await handling(by_request("second"), step(3))
        assert again.value.answer.status == 422

    async def test_finds_nothing_to_do_only_where_the_log_agrees(
        self, handling: Handling, log: MemoryEventLog
    ) -> None:
        async def build(loader: Loader) -> Sequence[Step]:
            total = await loader.state(counter, "case-1")
            return (step(1),) if total > 5 else ()

        await handling(Cause.by_clock("test", "first"), step(3))
        await Handling(log, Codec(TestFact))(by_request("other"), step(4))
        handled = await handling.plan(Cause.by_clock("test", "second"), build)
        assert [type(fact).__name__ for fact in handled.facts] == ["Added"]


class ReadCounted(MemoryEventLog):
    """A log that counts how often a stream was read."""

    reads = 0

    async def read_stream(
        self, stream: str, *, after_version: int = 0, up_to_version: int | None = None
    ) -> tuple[StoredEvent, ...]:
        self.reads += 1
        return await super().read_stream(
            stream, after_version=after_version, up_to_version=up_to_version
        )


class AlwaysLate(MemoryEventLog):
    """A log in which somebody else is always first."""

    tries = 0

    async def append(self, work: UnitOfWork) -> Appended:
        AlwaysLate.tries += 1
        raise ConflictError


class Happened(Message):
    type: Literal["test.Happened.v1"] = "test.Happened.v1"

    @property
    def key(self) -> str:
        return "c-1"


def received() -> Received[Happened]:
    return Received(
        body=Happened(),
        event_id=derived_id("test", "message"),
        source="submission",
        stream="case-1",
        version=1,
        position=1,
        epoch=0,
        generation=0,
        occurred_at=NOW,
        correlation_id=derived_id("test", "correlation"),
    )
