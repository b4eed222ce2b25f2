"""A server that answers as clamd does: PING and INSTREAM. Source: clamd(8)."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.submission.gateways import ScannerAddress

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner finds, and what harms nobody. Source: eicar.org."""


@dataclass(slots=True)
class Clamd:
    """What was asked, and how large an upload may be."""

    address: ScannerAddress
    limit_bytes: int
    seen: list[bytes] = field(default_factory=list)
    is_silent: bool = False

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one connection."""
        try:
            command = await reader.readuntil(b"\0")
            answer = b"PONG" if command == b"zPING\0" else await self._scan(reader)
            if self.is_silent:
                await reader.read()
            writer.write(answer + b"\0")
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _scan(self, reader: asyncio.StreamReader) -> bytes:
        content = b""
        while length := struct.unpack(">I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
            if len(content) > self.limit_bytes:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(content)
        is_found = EICAR in content
        return b"stream: Eicar-Signature FOUND" if is_found else b"stream: OK"


@asynccontextmanager
async def running_clamd(*, limit_bytes: int = 2**24) -> AsyncIterator[Clamd]:
    """Give a server on a free port of this machine until the block ends."""
    clamd = Clamd(ScannerAddress("127.0.0.1", 0), limit_bytes)
    server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    clamd.address = ScannerAddress("127.0.0.1", server.sockets[0].getsockname()[1])
    try:
        yield clamd
    finally:
        server.close()
        await server.wait_closed()
