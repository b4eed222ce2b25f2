"""Loops beside the requests: what they outlast, and what makes a service unready."""

import asyncio

import asyncpg
import pytest

from shared.errors import UnavailableError
from shared.web.loops import Loops

PASSING = (
    ConnectionRefusedError(),
    asyncpg.ConnectionDoesNotExistError(),
    UnavailableError(),
    ExceptionGroup("two at once", [OSError(), UnavailableError()]),
)
FAILING = (
    ValueError("a bug"),
    ExceptionGroup("two at once", [OSError(), ValueError("a bug")]),
)


class TestLoops:
    @pytest.mark.parametrize("error", PASSING, ids=repr)
    async def test_begin_again_once_the_database_may_be_back(
        self, error: Exception
    ) -> None:
        runs = 0
        ran_again = asyncio.Event()

        async def loop() -> None:
            nonlocal runs
            runs += 1
            if runs == 1:
                raise error
            ran_again.set()
            await asyncio.Event().wait()

        loops = Loops(pause_seconds=0)
        loops.start([loop])
        await asyncio.wait_for(ran_again.wait(), 5)
        assert await loops.wrong() is None
        await loops.stop()

    @pytest.mark.parametrize("error", FAILING, ids=repr)
    async def test_tell_of_every_other_end(self, error: Exception) -> None:
        runs = 0

        async def loop() -> None:
            nonlocal runs
            runs += 1
            raise error

        loops = Loops(pause_seconds=0)
        loops.start([loop])
        for _ in range(5):
            await asyncio.sleep(0)
        assert await loops.wrong() == f"a loop ended with {type(error).__name__}"
        assert runs == 1
        await loops.stop()

    async def test_end_when_the_service_stops(self) -> None:
        ended = False

        async def loop() -> None:
            nonlocal ended
            try:
                await asyncio.Event().wait()
            finally:
                ended = True

        loops = Loops()
        loops.start([loop])
        await asyncio.sleep(0)
        await loops.stop()
        assert ended
        assert await loops.wrong() is None
