"""An upload on its way in: on disk while it is read, gone afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from fastapi import Response, UploadFile

from services.submission.documents import PortfolioRefusedError, Upload
from shared.errors import TooLargeError
from shared.handling import Handled, problem_of
from shared.web.problems import problem
from shared.web.requests import posted

_CHUNK_BYTES = 1024 * 1024

Check = Callable[[Path], Awaitable[None]]
"""Raises what is wrong with a file on disk that nobody has read yet."""


class PortfolioTooLargeError(TooLargeError):
    """The portfolio is larger than its programme accepts: leave out large files."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Where uploads lie while they are read, and who looks at them first."""

    directory: Path
    check: Check | None
    """None where no malware scanner is configured."""

    def received(
        self, file: UploadFile, limit_bytes: int
    ) -> AbstractAsyncContextManager[Upload]:
        """Return *file* as it lies on disk. Errors as `received`, and of the check."""
        return received(file, self.directory, limit_bytes, check=self.check)


@asynccontextmanager
async def received(
    file: UploadFile,
    work_directory: Path,
    limit_bytes: int,
    *,
    check: Check | None = None,
) -> AsyncIterator[Upload]:
    """Yield *file* as it lies on disk, readable by this account alone.

    Raises:
        PortfolioTooLargeError: it is one byte or more over *limit_bytes*.
        ServiceError: what *check* finds.
    """
    with TemporaryDirectory(prefix="upload-", dir=work_directory) as folder:
        path, contents = Path(folder) / "upload", Path(folder) / "contents"
        contents.mkdir()
        with path.open("wb") as target:
            await _copy(file, target, limit_bytes)
        if check is not None:
            await check(path)
        yield Upload(path=path, name=file.filename or "", contents=contents)


async def _copy(file: UploadFile, target: BinaryIO, limit_bytes: int) -> None:
    size_bytes = 0
    while chunk := await file.read(_CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise PortfolioTooLargeError(limit_bytes=limit_bytes)
        await asyncio.to_thread(target.write, chunk)


@asynccontextmanager
async def written(
    markdown: str, name: str, work_directory: Path
) -> AsyncIterator[Upload]:
    """Yield *markdown* as a file called *name*, to be read like an upload."""
    with TemporaryDirectory(prefix="written-", dir=work_directory) as folder:
        path, contents = Path(folder) / "upload", Path(folder) / "contents"
        contents.mkdir()
        await asyncio.to_thread(path.write_text, markdown, "utf-8")
        yield Upload(path=path, name=f"{name}.md", contents=contents)


async def told(handling: Awaitable[Handled]) -> Response:
    """Return the answer, or every problem with every file, for who sent them."""
    try:
        return posted(await handling)
    except PortfolioRefusedError as refused:
        fields = [
            {"field": each.file, "problem": f"{each.reason} {each.remedy}"}
            for each in refused.refusals
        ]
        return problem(refused.status, {**problem_of(refused), "fields": fields})
