"""Uploads shown to a malware scanner before anything reads them.

Invariant: clean is only what clamd calls ``OK``. What it does not answer, or answers
otherwise, was not checked, so it is not taken in. Source: consoles.md, "Uploads".
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.errors import RuleViolatedError, UnavailableError

ANSWER_SECONDS = 120.0
"""Longest for one upload: clamd unpacks it, too (P)."""
_CHUNK_BYTES = 256 * 1024
_LONGEST_ANSWER_BYTES = 4096
_INSTREAM = b"zINSTREAM\0"
"""Chunks follow, each after its length in four bytes; a length of 0 ends them.
Source: clamd(8)."""
_PING, _PONG = b"zPING\0", b"PONG"
_CLEAN, _FOUND = b"stream: OK", b" FOUND"
_LOST = (OSError, EOFError, TimeoutError)


class MalwareFoundError(RuleViolatedError):
    """A scanner found malware in the file: clean your computer, and save it anew."""


class UncheckedError(UnavailableError):
    """The malware scanner did not check the file, so it is not taken in: try later."""


@dataclass(frozen=True, slots=True)
class ScannerAddress:
    """Where clamd listens."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address in ``host:port``, which the settings have checked."""
        host, _, port = text.rpartition(":")
        return cls(host.strip("[]"), int(port))


@dataclass(frozen=True, slots=True)
class Scanner:
    """One clamd, asked through TCP; a connection for each file."""

    address: ScannerAddress
    answer_seconds: float = ANSWER_SECONDS

    async def check(self, path: Path) -> None:
        """Return once the file at *path* was found clean.

        Raises:
            MalwareFoundError: it is not; the scanner's name for it is in the context.
            UncheckedError: nobody can tell.
        """
        try:
            async with asyncio.timeout(self.answer_seconds), self._talking() as talk:
                answer = await _streamed(*talk, path)
        except _LOST as error:
            raise UncheckedError(reason=type(error).__name__) from error
        if answer.endswith(_FOUND):
            found = answer.removeprefix(b"stream: ").removesuffix(_FOUND)
            raise MalwareFoundError(found=found.decode(errors="replace"))
        if answer != _CLEAN:
            raise UncheckedError(reason="not clean, and nothing found")

    async def answers(self) -> bool:
        """Tell whether the scanner is there."""
        try:
            async with asyncio.timeout(self.answer_seconds), self._talking() as talk:
                reader, writer = talk
                writer.write(_PING)
                return await _answer(reader) == _PONG
        except _LOST:
            return False

    @asynccontextmanager
    async def _talking(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(
            self.address.host, self.address.port
        )
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _streamed(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: Path
) -> bytes:
    """Return what is said of the file, also where it is said before all was sent."""
    try:
        writer.write(_INSTREAM)
        with await asyncio.to_thread(path.open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
                writer.write(struct.pack(">I", len(chunk)) + chunk)
                await writer.drain()
        writer.write(struct.pack(">I", 0))
        await writer.drain()
    except ConnectionError:  # it had enough; why, it may have said
        return await _answer(reader)
    return await _answer(reader)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Return one answer without the zero that ends it; b"" where there is none."""
    try:
        answer = await reader.readuntil(b"\0")
    except asyncio.IncompleteReadError as error:
        answer = error.partial
    except asyncio.LimitOverrunError:
        return b""
    return answer[:_LONGEST_ANSWER_BYTES].rstrip(b"\0\n")
