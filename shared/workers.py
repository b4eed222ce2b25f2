"""Work beside the event loop, in a few processes of their own.

Source: architecture.md, "HTTP, time, drafts": CPU work over 20 ms runs in a bounded
process pool.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import structlog

from shared.errors import UnavailableError

T = TypeVar("T")

_ROUNDS = 3
"""A worker may die of something outside, not three times in a row (P)."""


class WorkersLostError(UnavailableError):
    """The process that does this keeps dying: look at the machine's memory."""


class Workers:
    """Runs functions in at most *count* processes, started at the first one."""

    def __init__(self, name: str, *, count: int = 1) -> None:
        """Call the processes *name* in the log."""
        self._name = name
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, and raise what it raises; both can be pickled.

        Raises:
            WorkersLostError: workers died while they did it, again and again.
        """
        loop = asyncio.get_running_loop()
        for _ in range(_ROUNDS):
            pool = self._running()
            try:
                return await loop.run_in_executor(pool, work)
            except BrokenProcessPool:
                self._discard(pool)
        raise WorkersLostError

    async def close(self) -> None:
        """End the processes; a later function starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
            )
        return self._pool

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        """Forget a pool that lost a worker, unless another call did so already."""
        if self._pool is pool:
            structlog.get_logger().warning(f"{self._name}.worker_lost")
            self._pool = None
        pool.shutdown(wait=False)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
