"""The press: letters are rendered beside the event loop, in a process of their own.

Source: architecture.md, "HTTP, time, drafts": CPU work over 20 ms runs in a bounded
process pool.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

import structlog

from services.notification.domain.matters import unsealed
from services.notification.letters.addresses import Correspondent
from services.notification.letters.letter import Letter, RenderedLetter
from services.notification.letters.render import render_letter
from shared.errors import UnavailableError

_log = structlog.get_logger(__name__)

_ROUNDS = 3
"""A worker may die of something outside, not three times in a row (P)."""


class PressBrokenError(UnavailableError):
    """The process that renders letters keeps dying: look at the machine's memory."""


class LetterPress:
    """Renders letters in at most *workers* processes, started at the first letter."""

    def __init__(self, *, workers: int = 1) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        """Return this press; nothing is started yet."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End the workers."""
        await self.close()

    async def render(
        self,
        letter: Letter,
        *,
        message_id: str,
        sent_at: datetime,
        sender: Correspondent,
        recipient: Correspondent,
    ) -> RenderedLetter:
        """Return what `render_letter` returns, and raise what it raises.

        Raises:
            PressBrokenError: workers died while they rendered it, again and again.
        """
        work = partial(
            render_letter,
            replace(letter, matter=unsealed(letter.matter)),
            message_id=message_id,
            sent_at=sent_at,
            sender=sender,
            recipient=recipient,
        )
        loop = asyncio.get_running_loop()
        for _ in range(_ROUNDS):
            pool = self._running()
            try:
                return await loop.run_in_executor(pool, work)
            except BrokenProcessPool:
                self._discard(pool)
        raise PressBrokenError

    async def close(self) -> None:
        """End the workers; a later letter starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
            )
        return self._pool

    def _discard(self, pool: ProcessPoolExecutor) -> None:
        """Forget a pool that lost a worker, unless another letter did so already."""
        if self._pool is pool:
            _log.warning("press.worker_lost")
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
