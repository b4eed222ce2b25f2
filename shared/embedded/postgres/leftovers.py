"""What a start that was killed left behind in a data directory.

Invariant: call this only while holding the lock on the directory; then every
PostgreSQL process that works in it has lost its owner.
"""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import structlog

from shared.embedded.child import is_alive, kill_if_alive

_log = structlog.get_logger(__name__)

_GRACE_SECONDS = 10.0
"""An orphan got SIGINT from the kernel and may still be writing its checkpoint."""
_POLL_SECONDS = 0.02


async def clear_leftovers(data: Path) -> None:
    """End orphaned servers on *data* and delete a ``postmaster.pid`` of a dead one.

    PostgreSQL itself would refuse to start while any process has the number in that
    file, be it a shell: numbers come round again, soonest in a container.
    """
    orphans = _working_in(data)
    if orphans:
        _log.warning("postgres.orphans_found", processes=len(orphans))
        _ask_to_end(data, orphans)
        await _until_ended(orphans)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _working_in(data: Path) -> list[psutil.Process]:
    """Return the PostgreSQL processes whose working directory is *data*."""
    directory = str(data.resolve())
    found = psutil.process_iter(["name", "cwd"])
    return [
        p for p in found if p.info["name"] == "postgres" and p.info["cwd"] == directory
    ]


def _ask_to_end(data: Path, orphans: list[psutil.Process]) -> None:
    file = data / "postmaster.pid"
    first_line = file.read_text().partition("\n")[0].strip() if file.exists() else ""
    for process in orphans:
        if str(process.pid) == first_line:
            os.kill(process.pid, signal.SIGINT)


async def _until_ended(orphans: list[psutil.Process]) -> None:
    waits = round(_GRACE_SECONDS / _POLL_SECONDS)
    for attempt in range(waits):
        if not any(map(is_alive, orphans)):
            return
        if attempt == waits - 1:
            for process in orphans:
                kill_if_alive(process)
        await asyncio.sleep(_POLL_SECONDS)
