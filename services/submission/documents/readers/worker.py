"""One reading process as the service sees it: started when needed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

import services
from services.submission.documents.readers.protocol import Answer, Request
from shared.errors import UnavailableError

_MODULE = "services.submission.documents.readers.process"
_PATIENCE_SECONDS = 10
"""Beyond the limit that the process itself keeps, for starting it. Source: P."""
_ROOT = str(Path(services.__file__).resolve().parents[1])
_LINE_BYTES = 1024 * 1024
"""Longest answer; it holds no portfolio. Source: P."""


class ReaderLostError(UnavailableError):
    """The process that reads portfolios ended: hand the portfolio in again."""


class Worker:
    """Holds at most one process, and asks it one thing at a time."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._process: Process | None = None

    async def ask(self, request: Request) -> Answer:
        """Return how the reading of *request* ended.

        Raises:
            ReaderLostError: the process itself ended.
        """
        process = self._process or await self._start()
        patience_seconds = request.limits.wall_seconds + _PATIENCE_SECONDS
        try:
            async with asyncio.timeout(patience_seconds):
                line = await _exchange(process, request)
        except TimeoutError:
            await self.end()
            return Answer(ended="too_long", detail="no answer")
        except BaseException:
            await self.end()  # a late answer must never be taken for the next one's
            raise
        if not line:
            await self.end()
            raise ReaderLostError
        return Answer.model_validate_json(line)

    async def end(self) -> None:
        """End the process and all it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _MODULE),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            # Nothing of the service's own environment reaches what reads uploads.
            env={"PYTHONPATH": _ROOT, "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            limit=_LINE_BYTES,
        )
        return self._process


async def _exchange(process: Process, request: Request) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise ReaderLostError
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(f"{request.model_dump_json()}\n".encode())
        await process.stdin.drain()
    return await process.stdout.readline()
