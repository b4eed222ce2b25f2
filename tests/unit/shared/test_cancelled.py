"""Ending tasks that lose a cancellation on the way."""

import asyncio
import contextlib

import pytest

from shared.messaging import tasks


class TestCancelled:
    async def test_ends_a_task_that_swallows_the_first_cancellation(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As aiokafka does while it closes a client."""
        monkeypatch.setattr(tasks, "CANCEL_AGAIN_SECONDS", 0.01)

        async def stubborn() -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            await asyncio.Event().wait()

        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await tasks.cancelled(task)
        assert task.cancelled()
