"""How units become the arguments of one call."""

from uuid import UUID

from shared.eventlog import (
    InboxMark,
    NewEvent,
    RequestKey,
    StoredAnswer,
    StreamWrite,
    UnitOfWork,
)
from shared.eventlog.group import arguments, fellows, lone_arguments
from shared.ids import derived_id
from tests.unit.shared.eventlog.test_codec import NOW


def event(name: str) -> NewEvent:
    return NewEvent(
        event_id=derived_id(name),
        type=f"test.{name}",
        schema_version=1,
        payload=name.encode(),
        metadata=b"{}",
        occurred_at=NOW,
    )


def write(stream: str, *names: str) -> StreamWrite:
    events = tuple(event(name) for name in names)
    return StreamWrite(stream=stream, expected_version=3, events=events)


def mark(name: str) -> InboxMark:
    return InboxMark(consumer="review", event_id=derived_id(name))


def answer(key: str) -> StoredAnswer:
    return StoredAnswer(
        request=RequestKey(actor="ana", route="POST /x", key=key),
        body_sha256=bytes(32),
        status=201,
        body=b"{}",
    )


class TestArguments:
    def test_keep_the_order_of_arrival(self) -> None:
        works = [
            UnitOfWork(writes=(write("a-1", "x", "y"), write("b-1"))),
            UnitOfWork(inbox=(mark("m"),)),
            UnitOfWork(writes=(write("c-1", "z"),), answer=answer("k")),
        ]
        given = arguments(works)
        assert len(given) == 21
        assert given[:5] == (
            3,
            [1, 1, 3],
            ["a-1", "b-1", "c-1"],
            [3, 3, 3],
            [2, 0, 1],
        )
        assert given[6] == ["test.x", "test.y", "test.z"]
        assert given[11:14] == ([2], ["review"], [derived_id("m")])
        assert given[14:18] == ([3], ["ana"], ["POST /x"], ["k"])

    def test_are_null_where_there_is_nothing(self) -> None:
        given = arguments([UnitOfWork(writes=(write("a-1", "x"),))])
        assert given[11:] == (None,) * 10


class TestLoneArguments:
    def test_are_for_one_event_that_comes_alone(self) -> None:
        work = UnitOfWork(
            writes=(write("a-1", "x"),), inbox=(mark("m"),), answer=answer("k")
        )
        given = lone_arguments(work)
        assert given is not None
        assert len(given) == 16
        assert given[:3] == ("a-1", 3, derived_id("x"))
        assert given[8:12] == ("review", derived_id("m"), "ana", "POST /x")

    def test_are_not_for_anything_else(self) -> None:
        one = write("a-1", "x")
        for work in (
            UnitOfWork(),
            UnitOfWork(inbox=(mark("m"),)),
            UnitOfWork(writes=(write("a-1"),)),
            UnitOfWork(writes=(write("a-1", "x", "y"),)),
            UnitOfWork(writes=(one, write("b-1", "y"))),
            UnitOfWork(writes=(one,), inbox=(mark("m"), mark("n"))),
        ):
            assert lone_arguments(work) is None


class TestFellows:
    def test_are_all_when_nothing_is_shared(self) -> None:
        works = [UnitOfWork(writes=(write("a-1", name),)) for name in "xyz"]
        assert fellows(works) == 3

    def test_end_before_a_repeated_id_mark_or_request(self) -> None:
        same: list[tuple[UnitOfWork, UnitOfWork]] = [
            (
                UnitOfWork(writes=(write("a-1", "x"),)),
                UnitOfWork(writes=(write("b-1", "y", "x"),)),
            ),
            (UnitOfWork(inbox=(mark("m"),)), UnitOfWork(inbox=(mark("m"),))),
            (UnitOfWork(answer=answer("k")), UnitOfWork(answer=answer("k"))),
        ]
        for first, second in same:
            assert fellows([first, UnitOfWork(), second]) == 2

    def test_may_share_an_id_between_an_event_and_a_mark(self) -> None:
        first = UnitOfWork(writes=(write("a-1", "x"),))
        second = UnitOfWork(inbox=(mark("x"),))
        assert isinstance(derived_id("x"), UUID)
        assert fellows([first, second]) == 2
