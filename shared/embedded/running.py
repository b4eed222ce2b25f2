"""The three parts together, on one state directory, from start to stop.

Invariant: on leaving `run_embedded`, however that comes about, every part is stopped
before the state directory is given back.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from shared.embedded.broker.process import BrokerProcess
from shared.embedded.mailbox.mailbox import Mailbox
from shared.embedded.postgres.server import PostgresServer
from shared.embedded.state import StateDirectory
from shared.errors import ServiceError

_log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.2
"""How long a server that crashed stays unnoticed."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """What runs, and where.

    A part that was not asked for has no address: asking for it raises the error of
    that part that says so.
    """

    state: StateDirectory
    postgres: PostgresServer
    broker: BrokerProcess
    mailbox: Mailbox

    @property
    def database_url(self) -> str:
        """The superuser's URL of the database ``attest``; for the migrator only."""
        return self.postgres.url

    @property
    def kafka_bootstrap_servers(self) -> str:
        """``host:port`` of the broker."""
        return self.broker.bootstrap_servers

    @property
    def smtp_url(self) -> str:
        """``smtp://127.0.0.1:port`` of the mailbox."""
        return self.mailbox.smtp_url


class _Part(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class _Server(_Part, Protocol):
    @property
    def ended_by_itself(self) -> bool: ...


@asynccontextmanager
async def run_embedded(
    directory: Path, *, postgres: bool = True, broker: bool = True, mailbox: bool = True
) -> AsyncIterator[Embedded]:
    """Run the parts that are asked for on *directory*; yield when all are ready.

    A server that ends by itself meanwhile is started again; one that was ended with
    `stop` or `kill` is not. Call this from the main thread: the children end with the
    thread that starts them.

    Raises:
        DirectoryInUseError: another process runs on it; says which, where, what to do.
        NotAStateDirectoryError: the directory holds something else.
        StateFormatError: another version made it.
        ChildEndedError: a part did not come up; the message has the end of its log.
    """
    async with AsyncExitStack() as stack:
        state = stack.enter_context(StateDirectory(directory))
        embedded = Embedded(
            state=state,
            postgres=PostgresServer(state.path / "postgres"),
            broker=BrokerProcess(state.path / "broker"),
            mailbox=Mailbox(state.path / "mailbox"),
        )
        asked_for = ((postgres, embedded.postgres), (broker, embedded.broker))
        servers: list[_Server] = [server for wanted, server in asked_for if wanted]
        parts: list[_Part] = [*servers]
        parts += [embedded.mailbox] if mailbox else []
        for part in parts:
            stack.push_async_callback(part.stop)
        await _start_together(parts)
        for server in servers:
            watch = asyncio.create_task(_keep_running(server))
            stack.push_async_callback(_end, watch)
        yield embedded


async def _start_together(parts: Sequence[_Part]) -> None:
    """Start all at the same time; raise the first error once all have settled."""
    starts = (part.start() for part in parts)
    for outcome in await asyncio.gather(*starts, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _keep_running(server: _Server) -> None:
    """Start *server* again whenever it ended by itself; give up when that fails."""
    name = type(server).__name__
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if not server.ended_by_itself:
            continue
        _log.error("embedded.server_ended", server=name)
        try:
            await server.start()
        except (ServiceError, OSError) as error:
            _log.error("embedded.server_lost", server=name, reason=str(error))
            return


async def _end(task: "asyncio.Task[None]") -> None:
    """Cancel *task*, wait until it has ended, and raise what it failed with."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
