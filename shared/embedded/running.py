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

from shared.embedded.broker.process import BrokerProcess
from shared.embedded.mailbox.mailbox import Mailbox
from shared.embedded.postgres.server import PostgresServer
from shared.embedded.state import StateDirectory


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


@asynccontextmanager
async def run_embedded(
    directory: Path, *, postgres: bool = True, broker: bool = True, mailbox: bool = True
) -> AsyncIterator[Embedded]:
    """Run the parts that are asked for on *directory*; yield when all are ready.

    Call it from the main thread: the children end with the thread that starts them.

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
        parts: list[_Part] = [part for wanted, part in asked_for if wanted]
        parts += [embedded.mailbox] if mailbox else []
        for part in parts:
            stack.push_async_callback(part.stop)
        await _start_together(parts)
        yield embedded


async def _start_together(parts: Sequence[_Part]) -> None:
    """Start all at the same time; raise the first error once all have settled."""
    starts = (part.start() for part in parts)
    for outcome in await asyncio.gather(*starts, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
