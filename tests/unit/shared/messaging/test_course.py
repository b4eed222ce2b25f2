"""Which records may be handled: of the present filling, and without a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from aiokafka import TopicPartition

from shared.messaging.arrivals import Arrival, Reader
from shared.messaging.consuming.course import Course
from shared.messaging.consuming.progress import Place, Slot
from shared.messaging.contracts import Contracts
from shared.messaging.era import Era, Filling
from tests.unit.shared.messaging.examples import (
    CONSUMER,
    FILLING,
    Said,
    record,
)

READER = Reader(CONSUMER, Contracts([Said]))
PARTITION = record().partition
SLOT: Slot = ("submission", PARTITION)
TOPIC_PARTITION = TopicPartition("submission.v1", PARTITION)
NEWER = replace(FILLING, era=Era(epoch=1, generation=3))


class MemoryProgress:
    """The places of one partition, without a database."""

    def __init__(self) -> None:
        self.filling = FILLING
        self.place = Place(era=FILLING.era, next_offset=5, position=10)
        self.asked: list[Era] = []
        self.published = 0
        """Position of the last message in the partition."""

    async def behind(self) -> frozenset[Slot]:
        return frozenset([SLOT] if self.place.position < self.published else [])

    async def places(self) -> dict[Slot, Place]:
        return {SLOT: self.place}

    async def fillings(self, sources: Sequence[str]) -> dict[str, Filling]:
        return {"submission": self.filling}

    async def save(self, places: Mapping[Slot, Place]) -> None:
        self.place = places[SLOT]

    async def want_generation(self, source: str, era: Era) -> None:
        self.asked.append(era)


class Seeks(list[int]):
    """Where reading was told to go on."""

    def seek(self, partition: object, offset: int) -> None:
        assert partition == TOPIC_PARTITION
        self.append(offset)


@pytest.fixture
def progress() -> MemoryProgress:
    return MemoryProgress()


@pytest.fixture
def seeks() -> Seeks:
    return Seeks()


@pytest.fixture
async def course(progress: MemoryProgress, seeks: Seeks) -> Course:
    course = Course(
        consumer="review",
        sources=("submission",),
        progress=progress,  # type: ignore[arg-type]
    )
    await course.take_up([TOPIC_PARTITION], seeks)
    assert seeks == [5]
    seeks.clear()
    return course


def arrivals(
    *described: tuple[int, int, int], filling: Filling = FILLING
) -> list[Arrival]:
    """Return arrivals from (offset, previous, position)."""
    return [
        READER(record(position, previous=previous, offset=offset, filling=filling))
        for offset, previous, position in described
    ]


class TestCourse:
    async def test_takes_what_follows_and_tells_the_place_behind_it(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        taken, places = await course.screen(arrivals((5, 10, 14), (6, 14, 15)), seeks)
        assert [one.record.offset for one in taken] == [5, 6]
        await course.settled(places)
        assert progress.place == Place(era=FILLING.era, next_offset=7, position=15)

    async def test_takes_again_what_comes_again(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        taken, places = await course.screen(arrivals((5, 2, 8), (6, 8, 10)), seeks)
        assert len(taken) == 2
        assert places[SLOT].position == 10

    async def test_reads_a_gap_again_before_it_believes_it(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        taken, places = await course.screen(arrivals((8, 20, 21), (9, 21, 22)), seeks)
        assert (taken, places, seeks) == ([], {}, [5])
        assert progress.asked == []
        assert course.problems() == []

    async def test_asks_for_a_generation_when_the_gap_is_there_twice(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        for _ in range(2):
            await course.screen(arrivals((8, 20, 21)), seeks)
        assert progress.asked == [FILLING.era]
        assert course.problems() == [
            f"submission.v1/{PARTITION} waits for a new generation"
        ]

    async def test_takes_nothing_more_before_the_new_generation(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        for _ in range(2):
            await course.screen(arrivals((8, 20, 21)), seeks)
        taken, places = await course.screen(arrivals((9, 3, 4)), seeks)
        assert (taken, places) == ([], {})
        progress.filling = NEWER
        await course.watch_fillings(seeks)
        assert seeks[-1] == 0
        taken, _ = await course.screen(arrivals((0, 10, 14), filling=NEWER), seeks)
        assert [one.record.offset for one in taken] == [0]
        assert course.problems() == []

    async def test_goes_on_after_a_gap_that_was_none(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        """Records fetched before a seek may be handed over after it."""
        await course.screen(arrivals((8, 20, 21)), seeks)
        taken, _ = await course.screen(arrivals((5, 10, 20), (6, 20, 21)), seeks)
        assert len(taken) == 2
        await course.screen(arrivals((9, 30, 31)), seeks)
        assert progress.asked == []

    async def test_takes_what_came_before_a_gap_in_the_same_batch(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        taken, places = await course.screen(
            arrivals((5, 10, 14), (7, 20, 21), (8, 21, 22)), seeks
        )
        assert [one.record.offset for one in taken] == [5]
        assert places[SLOT].next_offset == 6

    async def test_passes_over_what_an_older_generation_left(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        older = replace(FILLING, era=Era(epoch=1, generation=1))
        taken, places = await course.screen(arrivals((5, 90, 91), filling=older), seeks)
        assert taken == []
        assert places[SLOT] == Place(era=FILLING.era, next_offset=6, position=10)

    async def test_passes_over_what_another_log_wrote(
        self, course: Course, seeks: Seeks
    ) -> None:
        stranger = Filling(log_id=UUID(int=8), era=Era(epoch=9, generation=9))
        taken, places = await course.screen(
            arrivals((5, 10, 11), filling=stranger), seeks
        )
        assert taken == []
        assert places[SLOT].position == 10

    async def test_starts_over_when_it_meets_a_newer_generation(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        progress.filling = NEWER
        await course.screen(arrivals((7, 20, 21), filling=NEWER), seeks)
        assert 0 in seeks
        taken, _ = await course.screen(
            arrivals((0, 8, 10), (1, 10, 20), (2, 20, 21), filling=NEWER), seeks
        )
        assert len(taken) == 3

    async def test_holds_what_is_later_than_the_database_and_says_so(
        self, course: Course, seeks: Seeks
    ) -> None:
        taken, places = await course.screen(arrivals((5, 10, 11), filling=NEWER), seeks)
        assert (taken, places) == ([], {})
        (problem,) = course.problems()
        assert "attest log restore" in problem

    async def test_starts_over_when_the_stored_place_is_of_an_older_era(
        self, progress: MemoryProgress, seeks: Seeks
    ) -> None:
        progress.filling = NEWER
        course = Course(
            consumer="review",
            sources=("submission",),
            progress=progress,  # type: ignore[arg-type]
        )
        await course.take_up([TOPIC_PARTITION], seeks)
        assert seeks == [0]

    async def test_reads_nothing_again_where_all_is_settled(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        progress.published = progress.place.position
        assert (await course.read_again(seeks), seeks) == (False, [])

    async def test_reads_again_what_it_settled_when_the_database_lost_the_place(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        before = progress.place
        _, places = await course.screen(arrivals((5, 10, 14)), seeks)
        await course.settled(places)
        progress.published, progress.place = 14, before  # after kill -9
        assert (await course.read_again(seeks), seeks) == (True, [before.next_offset])
        _, places = await course.screen(arrivals((5, 10, 14)), seeks)
        await course.settled(places)
        assert progress.place.position == 14

    async def test_starts_over_when_the_place_that_is_left_is_of_an_older_era(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        older = Era(epoch=1, generation=1)
        progress.published = 14
        progress.place = Place(era=older, next_offset=90, position=10)
        assert (await course.read_again(seeks), seeks) == (True, [0])

    async def test_does_not_read_a_gap_again_while_it_waits_for_a_generation(
        self, course: Course, seeks: Seeks, progress: MemoryProgress
    ) -> None:
        for _ in range(2):
            await course.screen(arrivals((8, 20, 21)), seeks)
        progress.published = 21
        seeks.clear()
        assert (await course.read_again(seeks), seeks) == (False, [])

    async def test_ignores_partitions_it_was_not_given(
        self, course: Course, seeks: Seeks
    ) -> None:
        course.drop()
        taken, places = await course.screen(arrivals((5, 10, 14)), seeks)
        assert (taken, places) == ([], {})
