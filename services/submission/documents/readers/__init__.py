"""A bounded number of processes in which uploads are read, out of the service's reach.

Whatever a hostile file does to the process that reads it, the service sees a refusal.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from services.submission.documents.portfolio import Portfolio
from services.submission.documents.readers.protocol import (
    Answer,
    ReadingLimits,
    Request,
    Result,
)
from services.submission.documents.readers.worker import Worker
from services.submission.documents.refusals import PortfolioRefusedError, Refusal
from shared.contracts.programme import Programme

__all__ = ["DocumentReaders", "ReadingLimits", "Upload", "read_file", "read_portfolio"]

_REASONS = {
    "too_long": "Reading it takes far longer than any portfolio should.",
    "too_much_memory": "Reading it takes far more memory than any portfolio should.",
    "killed": "The program that reads it was stopped by something in it.",
    "failed": "Something in it cannot be read.",
}
_REMEDY = (
    "Open each document, save it under a new name and upload those; if that does not"
    " help, send the Professional Status Team the files."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What somebody handed in, as it lies on disk."""

    path: Path
    name: str
    """As uploaded, ending in .zip or .docx."""
    contents: Path
    """An empty folder; receives every original under its id, nothing on a refusal."""


class DocumentReaders:
    """Reads uploads in at most *count* processes at a time; the others wait.

    Use it as a context: ``async with DocumentReaders(count=2) as readers``.
    """

    def __init__(self, *, count: int = 2, limits: ReadingLimits | None = None) -> None:
        """Prepare *count* places; a process starts when it is first needed."""
        self._limits = limits or ReadingLimits()
        self._workers = tuple(Worker() for _ in range(count))
        self._free: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def __aenter__(self) -> Self:
        """Return this pool."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process."""
        await self.close()

    async def close(self) -> None:
        """End every process; what is being read then is not answered."""
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def read(
        self,
        upload: Upload,
        programmes: tuple[Programme, ...],
        *,
        is_one_file: bool = False,
    ) -> Portfolio:
        """Return the portfolio in *upload*, or the one file that it is.

        Raises:
            PortfolioRefusedError: holds every problem found.
            UnavailableError: the process ended by no fault of the upload.
        """
        worker = await self._free.get()
        try:
            where = upload.path.absolute().parent
            with tempfile.TemporaryDirectory(prefix="reading-", dir=where) as folder:
                request = Request(
                    path=upload.path.absolute(),
                    name=upload.name,
                    contents=upload.contents.absolute(),
                    result=Path(folder) / "result.json",
                    programmes=programmes,
                    is_one_file=is_one_file,
                    limits=self._limits,
                )
                answer = await worker.ask(request)
                return _portfolio(answer, request)
        finally:
            self._free.put_nowait(worker)


async def read_portfolio(
    upload: Upload, *, programmes: tuple[Programme, ...], pool: DocumentReaders
) -> Portfolio:
    """Return the portfolio in *upload*, of one of *programmes*, its originals put away.

    Raises:
        PortfolioRefusedError: holds every problem found; nothing is put away.
        UnavailableError: the process ended by no fault of the upload; try again.
    """
    with _all_or_nothing(upload):
        return await pool.read(upload, programmes)


async def read_file(
    upload: Upload, *, programme: Programme, pool: DocumentReaders
) -> Portfolio:
    """Return what the one file in *upload* holds, as a portfolio of one section.

    Raises as `read_portfolio`.
    """
    with _all_or_nothing(upload):
        return await pool.read(upload, (programme,), is_one_file=True)


@contextmanager
def _all_or_nothing(upload: Upload) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for file in upload.contents.iterdir():
            file.unlink()
        raise


def _portfolio(answer: Answer, request: Request) -> Portfolio:
    if answer.ended != "read":
        raise _unreadable(request, answer.ended, answer.detail)
    result = Result.model_validate_json(request.result.read_bytes())
    if result.portfolio is not None:
        return result.portfolio
    if result.refusals:
        raise PortfolioRefusedError(result.refusals)
    raise _unreadable(request, "failed", result.failure)


def _unreadable(request: Request, ended: str, detail: str) -> PortfolioRefusedError:
    structlog.get_logger().warning("portfolio.unreadable", ended=ended, detail=detail)
    refusal = Refusal(file=request.name, reason=_REASONS[ended], remedy=_REMEDY)
    return PortfolioRefusedError((refusal,))
