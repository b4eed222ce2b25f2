"""The `attest` command as processes of their own; none of them outlives its test.

Nothing of the environment of the tests is inherited: what a process knows stands in
the test that starts it.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from services.cli.client import SERVICES
from shared.embedded import StateDirectory
from shared.embedded.child import ChildProcess, Program
from shared.embedded.ports import LOCALHOST, fresh_port

ATTEST = Path(sys.executable).with_name("attest")
PATH = "/usr/local/bin:/usr/bin:/bin"
START_SECONDS = 180.0
STOP_SECONDS = 20.0
READY = "attest is ready"
"""What it prints once the samples are handed in, too."""


def attest(
    *arguments: str, log: Path, environment: Mapping[str, str] | None = None
) -> ChildProcess:
    """Start ``attest ARGUMENTS``; what it prints goes to *log*."""
    child = ChildProcess(
        Program(
            name=f"attest {arguments[0]}",
            command=(str(ATTEST), *arguments),
            log=log,
            environment={"PATH": PATH, **(environment or {})},
        )
    )
    child.start()
    return child


async def finished(child: ChildProcess) -> str:
    """Return what *child* printed, once it has ended well.

    Raises:
        AssertionError: it ended with another exit code; the message has its log.
    """
    status = await child.wait()
    printed = child.program.log.read_text()
    assert status == 0, f"{child.program.name} ended with {status}:\n{printed}"
    return printed


async def until(
    condition: Callable[[], Awaitable[bool]], child: ChildProcess, what: str
) -> None:
    """Wait until *condition* holds while *child* runs.

    Raises:
        AssertionError: the child ended, or it takes too long; has the child's log.
    """
    deadline = time.monotonic() + START_SECONDS
    while not await condition():
        log = child.program.log
        assert child.running, str(child.ended())
        assert time.monotonic() < deadline, f"no {what}: {log.read_text()}"
        await asyncio.sleep(0.05)


async def is_ready(address: str) -> bool:
    """Tell whether the service at *address* says that it is ready."""
    async with httpx.AsyncClient() as http:
        try:
            answer = await http.get(f"{address}/readyz")
        except httpx.TransportError:
            return False
    return answer.status_code == httpx.codes.OK


@dataclass(slots=True)
class AttestUp:
    """``attest up`` on *directory*, always on the same port; can be killed."""

    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    samples: bool = False
    port: int = field(init=False)
    child: ChildProcess = field(init=False)
    starts: int = 0

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = fresh_port(self.directory / "port")

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOCALHOST}:{self.port}"

    @property
    def state(self) -> Path:
        """Its state directory."""
        return self.directory / "state"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.child.stop(signal.SIGTERM, grace_seconds=STOP_SECONDS)

    async def start(self) -> None:
        """Start it and return when it is ready, its samples handed in."""
        self.starts += 1
        samples = "--samples" if self.samples else "--no-samples"
        self.child = attest(
            *("up", "--directory", str(self.state), "--port", str(self.port), samples),
            log=self.directory / f"up-{self.starts}.log",
            environment=self.environment,
        )
        await until(self._is_ready, self.child, "address of attest")

    async def kill_and_restart(self) -> None:
        """End this one process as ``kill -9`` does, at any moment; start it again."""
        os.kill(self.child.pid, signal.SIGKILL)
        await self.child.wait()
        await self.start()

    async def _is_ready(self) -> bool:
        holder = StateDirectory.holder_of(self.state)
        if holder is None or holder.address is None:
            return False
        return not self.samples or READY in self.child.program.log.read_text()

    def targets(self) -> dict[str, str]:
        """Return the address of everything in it, by the first part of a path."""
        return {name: f"{self.url}/{name}" for name in (*SERVICES, "dev")}
