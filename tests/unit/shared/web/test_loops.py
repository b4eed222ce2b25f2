"""A loop that fails is seen, and started again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
import structlog

from shared.errors import UnavailableError
from shared.web.loops import Loops, Patience

QUICK = Patience(
    first_pause_seconds=0.001, longest_pause_seconds=0.002, settled_seconds=0.05
)
SOON = Patience(
    first_pause_seconds=0.001, longest_pause_seconds=0.002, settled_seconds=0.5
)
IMPATIENT = Patience(
    first_pause_seconds=0.001, longest_pause_seconds=0.002, settled_seconds=60
)

PASSING = (
    ConnectionRefusedError(),
    asyncpg.ConnectionDoesNotExistError(),
    UnavailableError(),
    ExceptionGroup("two at once", [ConnectionError(), UnavailableError()]),
)
FAILING = (
    ValueError("a bug"),
    asyncpg.UndefinedTableError("a bug"),
    ExceptionGroup("two at once", [ConnectionError(), ValueError("a bug")]),
)


class Fragile:
    """Fails as often as it is told, then works."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.left = failures
        self.error = error or KeyError("secret text")
        self.runs = 0
        self.works = asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        if self.left > 0:
            self.left -= 1
            raise self.error
        self.works.set()
        await asyncio.Event().wait()


def follow_decisions() -> Callable[[], Awaitable[None]]:
    async def follow() -> None:
        await asyncio.Event().wait()

    return follow


@asynccontextmanager
async def running(
    *loops: Callable[[], Awaitable[None]], patience: Patience = QUICK
) -> AsyncIterator[Loops]:
    running = Loops(loops, patience)
    running.start()
    try:
        yield running
    finally:
        await running.stop()


async def wrong(loops: Loops) -> dict[str, str]:
    found = {name: await check() for name, check in loops.checks().items()}
    return {name: reason for name, reason in found.items() if reason is not None}


class TestLoops:
    async def test_start_again_what_failed(self) -> None:
        fragile = Fragile(3)
        async with running(fragile.run):
            await asyncio.wait_for(fragile.works.wait(), 5)
        assert fragile.runs == 4

    async def test_start_again_what_ended(self) -> None:
        runs = 0
        third = asyncio.Event()

        async def ends() -> None:
            nonlocal runs
            runs += 1
            if runs == 3:
                third.set()

        async with running(ends) as loops:
            await asyncio.wait_for(third.wait(), 5)
            assert "it ended" in next(iter((await wrong(loops)).values()))

    async def test_are_not_ready_while_one_fails(self) -> None:
        good, fragile = Fragile(0), Fragile(1)
        async with running(good.run, fragile.run, patience=IMPATIENT) as loops:
            await asyncio.wait_for(fragile.works.wait(), 5)
            assert await wrong(loops) == {
                "Fragile.run'": "it stopped and is started again: KeyError"
            }

    async def test_are_ready_again_when_it_has_run_for_a_while(self) -> None:
        fragile = Fragile(2)
        async with running(fragile.run, patience=SOON) as loops:
            await asyncio.wait_for(fragile.works.wait(), 5)
            assert await wrong(loops) != {}
            async with asyncio.timeout(5):
                while await wrong(loops):  # noqa: ASYNC110 - told when asked
                    await asyncio.sleep(0.01)

    @pytest.mark.parametrize("error", PASSING, ids=repr)
    async def test_stay_ready_while_another_part_is_away(
        self, error: Exception
    ) -> None:
        fragile = Fragile(2, error)
        async with running(fragile.run, patience=IMPATIENT) as loops:
            await asyncio.wait_for(fragile.works.wait(), 5)
            assert await wrong(loops) == {}

    @pytest.mark.parametrize("error", FAILING, ids=repr)
    async def test_are_not_ready_after_any_other_failure(
        self, error: Exception
    ) -> None:
        fragile = Fragile(1, error)
        async with running(fragile.run, patience=IMPATIENT) as loops:
            await asyncio.wait_for(fragile.works.wait(), 5)
            assert type(error).__name__ in (await wrong(loops))["Fragile.run"]

    async def test_log_each_failure_without_what_it_said(self) -> None:
        fragile = Fragile(2)
        with structlog.testing.capture_logs() as lines:
            async with running(fragile.run):
                await asyncio.wait_for(fragile.works.wait(), 5)
        found = [(line["event"], line["reason"], line["failures"]) for line in lines]
        assert found == [("loop.failed", "KeyError", 1), ("loop.failed", "KeyError", 2)]
        assert "secret text" not in str(lines)

    def test_are_named_after_the_function_that_made_them(self) -> None:
        loops = [Fragile(0).run, follow_decisions()]
        assert list(Loops(loops).checks()) == ["Fragile.run", "follow decisions"]

    async def test_end_when_they_are_told_to(self) -> None:
        fragile = Fragile(0)
        loops = Loops([fragile.run], QUICK)
        loops.start()
        await asyncio.wait_for(fragile.works.wait(), 5)
        await loops.stop()
        assert asyncio.all_tasks() == {asyncio.current_task()}
