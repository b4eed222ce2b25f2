"""Who waits for read models, and whom they wait for."""

import asyncio

from shared.projector.reach import Reach

PATIENCE_SECONDS = 10.0
ENDLESS = 100 * PATIENCE_SECONDS


class TestReach:
    async def test_tells_when_a_position_is_included(self) -> None:
        known = Reach()
        waiting = asyncio.create_task(known.reached(2, within_seconds=PATIENCE_SECONDS))
        await known.move_to(1)
        await asyncio.sleep(0)
        assert not waiting.done()
        await known.move_to(2)
        assert await waiting

    async def test_tells_when_it_takes_too_long(self) -> None:
        assert not await Reach().reached(1, within_seconds=0.0)

    async def test_makes_no_pause_while_somebody_waits(self) -> None:
        known = Reach(gather_seconds=ENDLESS)
        waiting = asyncio.create_task(known.reached(1, within_seconds=PATIENCE_SECONDS))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await known.gather()
            await known.gather()
            await known.move_to(1)
        assert await waiting

    async def test_pauses_in_a_burst_when_nobody_waits(self) -> None:
        known = Reach(gather_seconds=ENDLESS)
        await known.move_to(1)
        assert await known.reached(1, within_seconds=PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await known.gather()
        pause = asyncio.create_task(known.gather())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not pause.done()
        pause.cancel()
