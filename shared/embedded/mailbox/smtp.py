"""The SMTP side of the mailbox, with the faults that tests need.

Invariant: 250 is answered only after the delivery is durable.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

_log = structlog.get_logger(__name__)

Keep = Callable[[str, tuple[str, ...], bytes], Awaitable[None]]
"""Stores sender, recipients and content durably."""

_MESSAGE_LIMIT_BYTES = 32 * 1024 * 1024
"""Above what mail services accept (25 MB is usual), so a limit is met there first."""
_ACCEPTED = "250 2.0.0 Kept"
_REFUSED = "451 4.3.0 The mailbox refuses for a while, try again later"
_NOT_KEPT = "452 4.3.1 The mailbox could not keep it, try again later"


class Faults:
    """What goes wrong on purpose; nothing unless a test says so."""

    def __init__(self) -> None:
        self._refusals = 0
        self._cuts = 0

    def refuse(self, deliveries: int) -> None:
        """Answer 451 to the next *deliveries* attempts, before any content is sent."""
        self._refusals = deliveries

    def cut_after_data(self, deliveries: int) -> None:
        """Keep the next *deliveries*, then close the connection without an answer."""
        self._cuts = deliveries

    def heal(self) -> None:
        """Let everything go well again."""
        self._refusals = self._cuts = 0

    def take_refusal(self) -> bool:
        """Tell whether this attempt is to be refused, and count it."""
        due = self._refusals > 0
        self._refusals -= due
        return due

    def take_cut(self) -> bool:
        """Tell whether this connection is to be cut, and count it."""
        due = self._cuts > 0
        self._cuts -= due
        return due


class SmtpServer:
    """Listens on one port and hands every message to *keep*."""

    def __init__(self, keep: Keep, faults: Faults) -> None:
        self._handler = _Handler(keep, faults)
        self._open_connections: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen on *host* and *port*.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, host, port)

    async def stop(self) -> None:
        """Stop listening and close what is open."""
        if self._server is None:
            return
        self._server.close()
        await self._server.wait_closed()
        self._server = None
        for connection in tuple(self._open_connections):
            connection.close()
        while self._open_connections:  # noqa: ASYNC110 - it is the library's event
            await asyncio.sleep(0)

    def _session(self) -> SMTP:
        return _Session(self._handler, self._open_connections)


class _Session(SMTP):
    """One connection; its transport is in *open_connections* as long as it lasts."""

    def __init__(
        self, handler: "_Handler", open_connections: set[asyncio.BaseTransport]
    ) -> None:
        super().__init__(
            handler,
            data_size_limit=_MESSAGE_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            # Named, or the library asks the name service for the machine's name.
            hostname="localhost",
            ident="attest mailbox",
            loop=asyncio.get_running_loop(),
        )
        self._open_connections = open_connections
        self._connection: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connection = transport
        self._open_connections.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self._connection is not None:
            self._open_connections.discard(self._connection)


class _Handler:
    """The hooks that aiosmtpd calls, named by it."""

    def __init__(self, keep: Keep, faults: Faults) -> None:
        self._keep = keep
        self._faults = faults

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        """Begin a message, or refuse it when that is the fault of the day."""
        if self._faults.take_refusal():
            return _REFUSED
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, then say so, or cut the line when that is the fault."""
        sender, recipients = envelope.mail_from or "", tuple(envelope.rcpt_tos)
        try:
            await self._keep(sender, recipients, envelope.original_content or b"")
        except OSError as error:
            _log.error("letter.not_kept", reason=error.strerror)
            return _NOT_KEPT
        if self._faults.take_cut() and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return _ACCEPTED
