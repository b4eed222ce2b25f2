"""The embedded broker as a process: start, stop, kill, restart.

It keeps everything in memory, topics included. Losing it loses nothing: the event log
has every message, and the relays publish again.

Invariant: the address stays the same over `stop`, `kill` and `restart`, so clients
find it again.
"""

import asyncio
import signal
import time
from pathlib import Path

import structlog

from shared.embedded.broker.choice import BrokerChoice, embedded_broker
from shared.embedded.broker.readiness import accepts, answers_kafka, until_free
from shared.embedded.child import ChildProcess, Program
from shared.embedded.ports import LOCALHOST, fresh_port, is_free, remembered_port
from shared.errors import UnavailableError

_log = structlog.get_logger(__name__)

_READY_SECONDS = 20.0
_STOP_SECONDS = 2.0
_POLL_SECONDS = 0.01
_PORT_ATTEMPTS = 3


class BrokerNotRunningError(UnavailableError):
    """The embedded broker is not running: start it first."""


class BrokerProcess:
    """The broker whose log and remembered port are in *directory* (its own)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self._child: ChildProcess | None = None
        self._port: int | None = None
        self._starting = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child is not None and self._child.running

    @property
    def ended_by_itself(self) -> bool:
        """Whether it was started and ended without `stop` or `kill`."""
        return self._child is not None and self._child.ended_by_itself

    @property
    def pid(self) -> int:
        """Its process id.

        Raises:
            BrokerNotRunningError: it was not started.
        """
        if self._child is None:
            raise BrokerNotRunningError
        return self._child.pid

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1.

        Raises:
            BrokerNotRunningError: it was never started.
        """
        if self._port is None:
            raise BrokerNotRunningError
        return self._port

    @property
    def bootstrap_servers(self) -> str:
        """``host:port``, as Kafka clients take it."""
        return f"{LOCALHOST}:{self.port}"

    @property
    def choice(self) -> BrokerChoice:
        """Which broker this is and what its clients must know about it."""
        return embedded_broker(port=self.port, directory=self.directory)

    async def start(self) -> None:
        """Start it, empty, and return when it answers a Kafka request.

        Raises:
            ChildEndedError: it did not come up; the message has the end of its log.
        """
        async with self._starting:
            if not self.running:
                await self._start()

    async def stop(self) -> None:
        """Stop it; it forgets everything."""
        if self._child is not None:
            await self._child.stop(signal.SIGTERM, grace_seconds=_STOP_SECONDS)

    async def kill(self) -> None:
        """End it as ``kill -9`` does; it forgets everything."""
        if self._child is not None:
            await self._child.kill()

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

    async def _start_on_some_port(self) -> None:
        memory = self.directory / "port"
        if self._port is None:
            self._port = remembered_port(memory)
        for attempt in range(_PORT_ATTEMPTS):
            child = self._launch()
            if await self._answers(child):
                return
            lost_the_port = not is_free(self._port)
            if not lost_the_port or attempt == _PORT_ATTEMPTS - 1:
                raise child.ended()
            self._port = fresh_port(memory)

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
