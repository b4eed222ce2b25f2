"""The embedded broker as a process: start, stop, kill, restart.

It keeps everything in memory, topics included. Losing it loses nothing: the event log
has every message, and the relays publish again.

Invariant: the address stays the same over `restart`, too, so clients find it again.
"""

import asyncio
import signal
import time
from typing import ClassVar

import structlog

from shared.embedded.broker.choice import BrokerChoice, embedded_broker
from shared.embedded.broker.readiness import accepts, answers_kafka, until_free
from shared.embedded.child import ChildProcess, Program
from shared.embedded.ports import LOCALHOST
from shared.embedded.server import EmbeddedServer
from shared.errors import UnavailableError

_log = structlog.get_logger(__name__)

_READY_SECONDS = 20.0
_STOP_SECONDS = 2.0
_POLL_SECONDS = 0.01


class BrokerNotRunningError(UnavailableError):
    """The embedded broker is not running: start it first."""


class BrokerProcess(EmbeddedServer):
    """The broker whose log and remembered port are in *directory* (its own).

    It forgets everything whenever it ends.
    """

    not_running: ClassVar[type[UnavailableError]] = BrokerNotRunningError

    @property
    def bootstrap_servers(self) -> str:
        """``host:port``, as Kafka clients take it."""
        return f"{LOCALHOST}:{self.port}"

    @property
    def choice(self) -> BrokerChoice:
        """Which broker this is and what its clients must know about it."""
        return embedded_broker(port=self.port, directory=self.directory)

    async def stop(self) -> None:
        """Stop it; it forgets everything."""
        if self._child is not None:
            await self._child.stop(signal.SIGTERM, grace_seconds=_STOP_SECONDS)

    async def restart(self) -> None:
        """Kill it and start it again, empty, on the same port.

        Raises:
            ChildEndedError: it did not come back there.
        PortStillTakenError: another program took the port meanwhile.
        """
        port = self.port
        await self.kill()
        await until_free(port)
        child = self._launch()
        if not await self._answers(child):
            raise child.ended()
        _log.info("broker.restarted", broker=self.choice.name, port=port)

    async def _start(self) -> None:
        began = time.monotonic()
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            await self._start_on_some_port()
        except BaseException:
            await self.kill()
            raise
        seconds = round(time.monotonic() - began, 3)
        _log.info(
            "broker.started", broker=self.choice.name, port=self.port, seconds=seconds
        )

    def _launch(self) -> ChildProcess:
        choice = self.choice
        program = Program(
            name=f"the broker {choice.name}",
            command=choice.command,
            log=self.directory / "broker.log",
            death_signal=signal.SIGKILL,
        )
        self._child = ChildProcess(program)
        self._child.start()
        return self._child

    async def _answers(self, child: ChildProcess) -> bool:
        """Wait until a Kafka request is answered; False when the process ended."""
        deadline = time.monotonic() + _READY_SECONDS
        while child.running:
            if await accepts(self.port) and await answers_kafka(self.bootstrap_servers):
                # Somebody else on the port would answer too: ours must still be alive.
                return child.running
            if time.monotonic() > deadline:
                message = f"the broker did not answer within {_READY_SECONDS:.0f} s"
                raise BrokerNotRunningError(message)
            await asyncio.sleep(_POLL_SECONDS)
        return False
