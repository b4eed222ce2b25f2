"""Followers of the same place share one read, and nobody's trouble is another's."""

import asyncio

import pytest

from shared.errors import UnavailableError
from shared.eventlog import StoredEvent
from shared.eventlog.sharing import SharedReads


class Reads:
    """Answers slowly and counts; fails as often as it is told to."""

    def __init__(self, *, failures: int = 0) -> None:
        self.ranges: list[tuple[int, int]] = []
        self.answer = asyncio.Event()
        self._failures = failures

    async def __call__(self, after: int, up_to: int) -> tuple[StoredEvent, ...]:
        self.ranges.append((after, up_to))
        await self.answer.wait()
        if len(self.ranges) <= self._failures:
            raise UnavailableError
        return ()


class TestSharedReads:
    async def test_read_once_for_all_who_follow_from_the_same_place(self) -> None:
        reads = Reads()
        shared = SharedReads(reads)
        three = [asyncio.create_task(shared.between(4, 7)) for _ in range(3)]
        await asyncio.sleep(0)
        reads.answer.set()
        await asyncio.gather(*three)
        await shared.between(4, 7)
        assert reads.ranges == [(4, 7)]

    async def test_read_anew_for_another_range(self) -> None:
        reads = Reads()
        reads.answer.set()
        shared = SharedReads(reads)
        await shared.between(4, 7)
        await shared.between(7, 8)
        await shared.between(4, 8)
        assert reads.ranges == [(4, 7), (7, 8), (4, 8)]

    async def test_read_again_after_a_failure(self) -> None:
        reads = Reads(failures=1)
        reads.answer.set()
        shared = SharedReads(reads)
        with pytest.raises(UnavailableError):
            await shared.between(4, 7)
        assert await shared.between(4, 7) == ()
        assert reads.ranges == [(4, 7), (4, 7)]

    async def test_go_on_for_the_others_when_one_is_cancelled(self) -> None:
        reads = Reads()
        shared = SharedReads(reads)
        one, other = (asyncio.create_task(shared.between(4, 7)) for _ in range(2))
        await asyncio.sleep(0)
        one.cancel()
        await asyncio.sleep(0)
        reads.answer.set()
        assert await other == ()
        assert one.cancelled()

    async def test_end_when_nobody_follows_any_more(self) -> None:
        reads = Reads()
        shared = SharedReads(reads)
        waiting = asyncio.create_task(shared.between(4, 7))
        await asyncio.sleep(0)
        shared.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
