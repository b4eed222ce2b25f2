"""What a role knows of the log's end without reading."""

import asyncio

import pytest

from shared.eventlog import Head
from shared.eventlog.following import Beyond, HeadWatch

NOBODYS_DATABASE = "postgresql://127.0.0.1:1/none"


class Watched(HeadWatch):
    """At position 3, for a role that may read cases; hears only what the test tells."""

    def __init__(self, categories: frozenset[str] | None) -> None:
        super().__init__(NOBODYS_DATABASE, poll_seconds=1000.0)
        self.own = categories
        head = Head(position=3, chain=b"", epoch=1, demonstration=False)
        self.start(head, categories)

    async def beyond_3(self) -> Beyond:
        return await self.beyond(3, self.own)

    def hear(self, payload: str) -> None:
        self._notified(None, 0, "log", payload)


@pytest.fixture
async def watched() -> Watched:
    return Watched(frozenset({"case", "clock"}))


class TestHeadWatch:
    async def test_passes_over_what_is_others(self, watched: Watched) -> None:
        watched.hear("3 5 review viva")
        assert await watched.beyond_3() == Beyond(position=5, wanted=3)
        await watched.close()

    async def test_wakes_followers_once_for_many_that_are_others(
        self, watched: Watched
    ) -> None:
        following = asyncio.create_task(watched.beyond_3())
        for position in range(4, 9):
            await asyncio.sleep(0)
            watched.hear(f"{position - 1} {position} review")
        assert await following == Beyond(position=8, wanted=3)
        await watched.close()

    async def test_wakes_followers_at_once_for_its_own(self, watched: Watched) -> None:
        following = asyncio.create_task(watched.beyond_3())
        await asyncio.sleep(0)
        watched.hear("3 4 review")
        watched.hear("4 5 case")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert following.done()
        assert following.result() == Beyond(position=5, wanted=5)
        await watched.close()

    async def test_reads_what_is_its_own(self, watched: Watched) -> None:
        watched.hear("3 5 review case")
        watched.hear("5 6 review")
        assert await watched.beyond_3() == Beyond(position=6, wanted=5)
        await watched.close()

    async def test_reads_what_it_was_not_told_of(self, watched: Watched) -> None:
        watched.hear("4 5 review")
        assert await watched.beyond_3() == Beyond(position=5, wanted=4)
        await watched.close()

    async def test_reads_everything_where_it_may(self) -> None:
        watched = Watched(None)
        watched.hear("3 5 review")
        assert await watched.beyond_3() == Beyond(position=5, wanted=5)
        await watched.close()

    async def test_tells_each_follower_what_that_one_wants(
        self, watched: Watched
    ) -> None:
        watched.hear("3 5 case review")
        watched.hear("5 6 case")
        of_clock = await watched.beyond(3, frozenset({"clock"}))
        assert of_clock == Beyond(position=6, wanted=3)
        of_cases = await watched.beyond(3, frozenset({"case"}))
        assert of_cases == Beyond(position=6, wanted=6)
        await watched.close()
