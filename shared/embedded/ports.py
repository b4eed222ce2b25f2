"""TCP ports on 127.0.0.1 that stay the same from one start to the next.

Invariant: a port chosen here lies below the range from which the kernel takes the
local ends of outgoing connections. Inside that range a client that keeps dialling a
server which is down can connect to itself, and then the server cannot come back.
"""

import secrets
import socket
from pathlib import Path

from shared.embedded.durable import write_durably
from shared.errors import UnavailableError

LOCALHOST = "127.0.0.1"
_LOWEST, _HIGHEST = 15_000, 32_000
"""Registered ports below Linux' default ip_local_port_range (32768-60999)."""
_ATTEMPTS = 200


class NoFreePortError(UnavailableError):
    """No free TCP port was found on 127.0.0.1: end some of the listening programs."""


def remembered_port(memory: Path) -> int:
    """Return the port kept in *memory*, or a fresh one when it is taken or unknown.

    The answer is kept in *memory* (a small text file) for the next start.

    Raises:
        NoFreePortError: nothing is free.
    """
    known = _read(memory)
    if known is not None and is_free(known):
        return known
    return fresh_port(memory)


def fresh_port(memory: Path) -> int:
    """Choose a free port, keep it in *memory* and return it.

    Raises:
        NoFreePortError: nothing is free.
    """
    for _ in range(_ATTEMPTS):
        candidate = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        if is_free(candidate):
            write_durably(memory, f"{candidate}\n".encode())
            return candidate
    raise NoFreePortError


def is_free(port: int) -> bool:
    """Tell whether a server could listen on *port* of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def _read(memory: Path) -> int | None:
    try:
        text = memory.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    if text.isdecimal() and _LOWEST <= int(text) < _HIGHEST:
        return int(text)
    return None
