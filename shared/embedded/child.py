"""Child processes that end with us, whatever happens to us.

Invariant: a child has its own session (Ctrl-C in the terminal reaches only us, and we
stop the children in order) and a signal that the kernel sends it when the thread that
started it is gone. So `ChildProcess.start` belongs in a thread that lives as long as
the child: the main thread.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from shared.embedded import launch
from shared.embedded.account import Account
from shared.errors import UnavailableError

_POLL_SECONDS = 0.005


class ChildEndedError(UnavailableError):
    """A program that belongs to the embedded mode ended by itself."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, as whom, and how it dies with us.

    Attributes:
        name: how messages call it.
        command: absolute path of the executable and its arguments.
        log: file that takes its standard output and error; the one before it is kept.
        environment: the whole environment; nothing of ours is inherited.
        death_signal: what it gets when we die.
        account: who runs it, or None for ourselves.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    death_signal: signal.Signals = signal.SIGKILL
    account: Account | None = None


class ChildProcess:
    """One run of a `Program`."""

    def __init__(self, program: Program) -> None:
        """Describe the run; nothing starts before `start`."""
        self.program = program
        self._popen: subprocess.Popen[bytes] | None = None
        self._asked_to_end = False

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        """Whether the process was started and ended without our asking."""
        return self._status() is not None and not self._asked_to_end

    @property
    def pid(self) -> int:
        """Its process id; it keeps it from `start` on, before and after ``exec``.

        Raises:
            ChildEndedError: it was never started.
        """
        if self._popen is None:
            raise ChildEndedError(f"{self.program.name} is not running")
        return self._popen.pid

    def start(self) -> None:
        """Start the program; returns before it is ready."""
        program = self.program
        if program.log.exists():
            program.log.replace(program.log.with_suffix(".previous.log"))
        with program.log.open("wb") as output:
            self._popen = subprocess.Popen(  # noqa: S603 - a fixed list, no shell
                [*_launcher(program), *program.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(program.environment),
                start_new_session=True,
            )

    async def wait(self) -> int:
        """Return its exit status (negative: the signal that ended it) once it ended."""
        while (status := self._status()) is None:  # noqa: ASYNC110 - no event exists
            await asyncio.sleep(_POLL_SECONDS)
        return status

    async def stop(self, request: signal.Signals, *, grace_seconds: float) -> None:
        """Ask it to end with *request*; kill it and what it started after the grace."""
        self._asked_to_end = True
        if not self.running:
            return
        os.kill(self.pid, request)
        try:
            await asyncio.wait_for(self.wait(), grace_seconds)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it and every process it started with SIGKILL, as ``kill -9`` does."""
        self._asked_to_end = True
        if not self.running:
            return
        itself = psutil.Process(self.pid)
        family = [itself, *itself.children(recursive=True)]
        for process in family:
            kill_if_alive(process)
        await self.wait()
        while any(map(is_alive, family)):  # noqa: ASYNC110 - no event exists
            await asyncio.sleep(_POLL_SECONDS)

    def ended(self) -> ChildEndedError:
        """Return the error that tells how it ended, with the end of its log."""
        return ChildEndedError(
            f"{self.program.name} ended with status {self._status()} before it was "
            f"ready. Its log {self.program.log} ends with: {log_tail(self.program.log)}"
        )

    def _status(self) -> int | None:
        return None if self._popen is None else self._popen.poll()


def kill_if_alive(process: psutil.Process) -> None:
    """Send SIGKILL to exactly *process*; a process that has ended is fine."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def is_alive(process: psutil.Process) -> bool:
    """Tell whether *process* still runs; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def log_tail(log: Path, *, size_bytes: int = 600) -> str:
    """Return the last lines of *log* on one line, or ``(empty)``."""
    text = (
        log.read_bytes()[-size_bytes:].decode(errors="replace") if log.exists() else ""
    )
    return (
        " | ".join(line.strip() for line in text.splitlines() if line.strip())
        or "(empty)"
    )


def _launcher(program: Program) -> list[str]:
    account = program.account
    plan = launch.LaunchPlan(
        parent_pid=os.getpid(),
        death_signal=program.death_signal,
        user_id=account.user_id if account else None,
        group_id=account.group_id if account else None,
        reach_everywhere=bool(account and account.reach_everywhere),
    )
    # -I and -S: no site packages, no environment, about ten milliseconds.
    return [
        sys.executable,
        "-I",
        "-S",
        str(Path(launch.__file__)),
        json.dumps(plan),
        "--",
    ]
