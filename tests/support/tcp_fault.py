"""A TCP proxy in front of PostgreSQL that cuts replies, or stops passing bytes on.

Invariant: what reached PostgreSQL is never taken back, so a cut reply leaves the client
in doubt and the server not.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

_PARSE, _BIND = b"P", b"B"
"""First bytes of what a client sends to prepare a statement, and to run it. Source:
PostgreSQL documentation, "Message Formats"."""

_CHUNK_BYTES = 64 * 1024


@dataclass(slots=True)
class TcpFault:
    """How the proxy behaves now; a test changes it while connections are open."""

    host: str
    port: int
    seed: int
    cut_statement: bytes = b"log.append"
    """Part of the text of the prepared statements whose replies are cut."""
    cut_probability: float = 0.0
    """Of each such reply: part of it is passed on, then both ends are cut off."""
    request_bytes: int | None = None
    """Pass on so many more bytes of requests, then stop without closing."""
    is_silent: bool = False
    """Pass no reply on, and do not close."""
    cuts: int = 0
    """Replies cut so far."""
    _draws: int = 0
    _serving: dict["asyncio.Task[None]", tuple["asyncio.Task[None]", ...]] = field(
        default_factory=dict
    )

    def draw(self) -> float:
        """Return the next number of a sequence in [0, 1) that *seed* determines."""
        self._draws += 1
        digest = hashlib.sha256(f"{self.seed}:{self._draws}".encode()).digest()
        return int.from_bytes(digest[:7]) / 2**56

    async def serve(
        self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        """Carry one connection until either side ends it, or a cut does."""
        server, to_server = await asyncio.open_connection(self.host, self.port)
        connection = _Connection(self, client, to_client, server, to_server)
        ways = (
            asyncio.create_task(connection.requests()),
            asyncio.create_task(connection.replies()),
        )
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = ways
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
        finally:
            del self._serving[task]
            to_client.transport.abort()
            to_server.transport.abort()

    async def end(self) -> None:
        """End every connection that is still open."""
        for ways in tuple(self._serving.values()):
            for way in ways:
                way.cancel()
        if self._serving:
            await asyncio.wait(tuple(self._serving))


@dataclass(slots=True)
class _Connection:
    fault: TcpFault
    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    statements: list[bytes] = field(default_factory=list)
    """Names of the statements to cut."""
    awaits_reply: bool = False

    async def requests(self) -> None:
        while chunk := await _read(self.client):
            self._notice(chunk)
            allowed = self.fault.request_bytes
            if allowed is not None:
                chunk = chunk[:allowed]
                self.fault.request_bytes = allowed - len(chunk)
            self.to_server.write(chunk)
            await _drained(self.to_server)
            if self.fault.request_bytes == 0:
                await asyncio.Event().wait()

    def _notice(self, chunk: bytes) -> None:
        """Remember the names of the statements to cut, and whether one runs now."""
        if chunk.startswith(_PARSE) and self.fault.cut_statement in chunk:
            self.statements.append(chunk[5:].partition(b"\0")[0])
        self.awaits_reply = chunk.startswith(_BIND) and any(
            name in chunk for name in self.statements
        )

    async def replies(self) -> None:
        while chunk := await _read(self.server):
            if self.fault.is_silent:
                await asyncio.Event().wait()
            if self.awaits_reply and self.fault.draw() < self.fault.cut_probability:
                self.fault.cuts += 1
                self.to_client.write(chunk[: int(self.fault.draw() * len(chunk))])
                await _drained(self.to_client)
                return
            self.to_client.write(chunk)
            await _drained(self.to_client)


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Return what came, or nothing once the other side is gone."""
    with suppress(ConnectionError):
        return await reader.read(_CHUNK_BYTES)
    return b""


async def _drained(writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        await writer.drain()


@asynccontextmanager
async def faulty(url: str, *, seed: int = 1) -> AsyncIterator[tuple[TcpFault, str]]:
    """Yield the fault, and *url* through it; at first it passes everything on."""
    parts = urlsplit(url)
    fault = TcpFault(parts.hostname or "127.0.0.1", parts.port or 5432, seed)
    listener = await asyncio.start_server(fault.serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    sign_in = parts.netloc.rpartition("@")[0]
    through = parts._replace(netloc=f"{sign_in}@127.0.0.1:{port}")
    try:
        yield fault, urlunsplit(through)
    finally:
        listener.close()
        await fault.end()
        await listener.wait_closed()
