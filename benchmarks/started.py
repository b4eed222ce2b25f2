"""attest as a process of its own, as anybody starts it, until its address is printed.

Invariant: when the context ends, so have the process, its group and its children, each
asked first and ended by id only if it does not go.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
READY = "attest is ready: "
POLL_SECONDS = 0.01
GRACE_SECONDS = 30.0
LAST_BYTES = 2_000
"""Of what it printed, shown when it does not become ready."""


class NotStartedError(RuntimeError):
    """It ended, or was too slow, before it printed its address."""


@dataclass(frozen=True, slots=True)
class Started:
    """A running attest."""

    url: str
    seconds: float
    """From the start of the command to the line with the address."""
    pid: int
    """Of the process that was started, which may have attest as a child."""

    def resident_bytes(self) -> int:
        """Return the resident memory of the process itself, children not counted."""
        resident: int = psutil.Process(self.pid).memory_info().rss
        return resident


@contextmanager
def attest_up(directory: Path, *options: str) -> Iterator[Started]:
    """Run ``attest up`` on the state in *directory* and a free port."""
    attest = Path(sys.executable).with_name("attest")
    command = (
        str(attest),
        "up",
        "--port=0",
        f"--directory={directory / 'state'}",
        *options,
    )
    with started(command, directory=directory, within_seconds=120) as running:
        yield running


@contextmanager
def started(
    command: Sequence[str], *, directory: Path, within_seconds: float
) -> Iterator[Started]:
    """Run *command* in *directory* until the block ends.

    Raises:
        NotStartedError: there was no address *within_seconds*.
    """
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = _address(process, output.fileno(), began + within_seconds)
            yield Started(url, time.perf_counter() - began, process.pid)
        finally:
            _end(process)


def _address(process: "subprocess.Popen[bytes]", output: int, give_up_at: float) -> str:
    while True:
        ended = process.poll() is not None
        # From the beginning, without moving the place where the child writes.
        text = os.pread(output, os.fstat(output).st_size, 0).decode(errors="replace")
        for line in text.splitlines(keepends=True):
            if line.startswith(READY) and line.endswith("\n"):
                return line.removeprefix(READY).strip()
        if ended or time.perf_counter() > give_up_at:
            why = f"status {process.returncode}" if ended else "too slow"
            raise NotStartedError(f"{why}; it printed: {text[-LAST_BYTES:]}")
        time.sleep(POLL_SECONDS)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for child in psutil.wait_procs(family, timeout=GRACE_SECONDS)[1]:
        child.kill()
