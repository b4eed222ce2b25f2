"""One batch at a time: what is told the group, and when the next batch may come."""

import asyncio
from typing import Any

from aiokafka import TopicPartition

from shared.messaging.consuming.progress import Place
from shared.messaging.consuming.settling import Settling
from shared.messaging.era import FIRST_ERA
from shared.messaging.settings import MessagingSettings

PARTITION = TopicPartition("submission.v1", 3)
ENDLESS_SECONDS = 1_000.0


class Member:
    """A group member that remembers what it was told."""

    def __init__(self) -> None:
        self.commits: list[dict[Any, int]] = []

    async def commit(self, offsets: dict[Any, int]) -> None:
        self.commits.append(offsets)


class Screened:
    """A course on which every batch is one record of a partition, for others."""

    def __init__(self) -> None:
        self.offset = 0

    async def screen(self, _: Any, __: Any) -> tuple[list[Any], dict[Any, Place]]:
        self.offset += 1
        place = Place(era=FIRST_ERA, next_offset=self.offset, position=self.offset)
        return [], {("submission", PARTITION.partition): place}

    async def settled(self, _: Any) -> None:
        """Have it stored."""

    async def read_again(self, _: Any) -> bool:
        return False

    def drop(self) -> None:
        """Forget it."""


def settling(member: Member, *, gather_seconds: float = 0.0) -> Settling:
    nothing: Any = None
    screened: Any = Screened()
    joined: Any = member
    settles = Settling(
        consumer="review",
        reader=nothing,
        course=screened,
        work=nothing,
        settings=MessagingSettings(
            service="review",
            bootstrap_servers="none:1",
            gather_seconds=gather_seconds,
        ),
    )
    settles.join(lambda: joined)
    return settles


class TestSettling:
    async def test_tells_the_group_once_of_many_batches(self) -> None:
        member = Member()
        settles = settling(member)
        for _ in range(4):
            await settles([])
        assert member.commits == [{PARTITION: 1}]

    async def test_tells_the_group_of_the_last_batch_when_it_is_quiet(self) -> None:
        member = Member()
        settles = settling(member)
        for _ in range(4):
            await settles([])
        await settles.catch_up()
        await settles.catch_up()
        assert member.commits == [{PARTITION: 1}, {PARTITION: 4}]

    async def test_tells_nothing_of_partitions_that_were_given_away(self) -> None:
        member = Member()
        settles = settling(member)
        await settles([])
        await settles([])
        await settles.on_partitions_revoked([PARTITION])
        await settles.catch_up()
        assert member.commits == [{PARTITION: 1}]

    async def test_lets_the_messages_of_a_burst_gather(self) -> None:
        member = Member()
        settles = settling(member, gather_seconds=ENDLESS_SECONDS)
        settles.last_batch_at -= 2 * ENDLESS_SECONDS
        await settles([])
        second = asyncio.create_task(settles([]))
        for _ in range(20):
            await asyncio.sleep(0)
        assert (member.commits, second.done()) == ([{PARTITION: 1}], False)
        await settles.catch_up()
        assert member.commits == [{PARTITION: 1}, {PARTITION: 2}]
        second.cancel()
