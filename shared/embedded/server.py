"""What the embedded servers have in common: a program, its directory and its port.

Invariant: the port stays the same over `stop` and `kill`, so that clients find the
server again; only when somebody else has taken it meanwhile is it another one.
"""

import asyncio
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from shared.embedded.child import ChildProcess
from shared.embedded.ports import fresh_port, is_free, remembered_port
from shared.errors import UnavailableError

_PORT_ATTEMPTS = 3


class EmbeddedServer(ABC):
    """A server whose log and remembered port are in *directory* (its own)."""

    not_running: ClassVar[type[UnavailableError]]
    """What is raised when something is asked of it before it was started."""

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
        """Its process id; it raises `not_running` where it was not started."""
        if self._child is None:
            raise self.not_running
        return self._child.pid

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; it raises `not_running` before the first start."""
        if self._port is None:
            raise self.not_running
        return self._port

    async def start(self) -> None:
        """Start it, unless it runs, and return when it answers.

        Raises:
            ChildEndedError: it did not come up; the message has the end of its log.
        """
        async with self._starting:
            if not self.running:
                await self._start()

    async def kill(self) -> None:
        """End all its processes as ``kill -9`` does."""
        if self._child is not None:
            await self._child.kill()

    @abstractmethod
    async def _start(self) -> None:
        """Prepare what is missing, and start it on some port."""

    @abstractmethod
    def _launch(self) -> ChildProcess:
        """Return its process, just started on `port`."""

    @abstractmethod
    async def _answers(self, child: ChildProcess) -> bool:
        """Wait until it answers; False when the process ended."""

    async def _start_on_some_port(self) -> None:
        memory = self.directory / "port"
        if self._port is None or not is_free(self._port):
            self._port = remembered_port(memory)
        for attempt in range(_PORT_ATTEMPTS):
            child = self._launch()
            if await self._answers(child):
                return
            lost_the_port = not is_free(self._port)
            if not lost_the_port or attempt == _PORT_ATTEMPTS - 1:
                raise child.ended()
            self._port = fresh_port(memory)
