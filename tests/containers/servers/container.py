"""A server in a container that a test may kill, pause and restart.

Invariant: the host port is chosen before the first start and published on 127.0.0.1
alone, so an address handed out stays valid through kill, restart and wipe.

The methods block until the server answers again; from a coroutine, call them through
``asyncio.to_thread``.
"""

import secrets
import socket
import time
from typing import Final, Self, cast

from docker.errors import APIError
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from tests.containers.images import owner_label

HOST: Final = "127.0.0.1"
# Below the range that Linux gives to outgoing connections (32768 and up by default), so
# that nothing takes the port while its server is dead.
PORTS: Final = range(20000, 32000)
PORT_ATTEMPTS: Final = 5
# Generous for a machine that runs other tests beside; a start takes 1 to 4 seconds.
READY_SECONDS: Final = 90

# The reaper is an image of its own, which cannot be pulled everywhere; a container
# carries the name of its owner instead, see images.remove_orphans.
testcontainers_config.ryuk_disabled = True
testcontainers_config.tc_host_override = HOST


class NotReadyError(RuntimeError):
    """A container ended, or did not answer in time."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, at random from PORTS."""
    while True:
        port = PORTS[secrets.randbelow(len(PORTS))]
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


class ServerContainer(DockerContainer):
    """A server in a container, under one host port for its whole life."""

    server_port: int

    def __init__(self, image: str) -> None:
        super().__init__(image)
        self.host_port = 0
        self.with_kwargs(labels=owner_label())

    def start(self) -> Self:
        """This container, started and answering."""
        for attempt in range(1, PORT_ATTEMPTS + 1):
            self._publish(free_port())
            try:
                super().start()
                break
            except APIError as error:
                self._remove()
                # Between looking and publishing, another process may take a port.
                if attempt == PORT_ATTEMPTS or "port" not in str(error):
                    raise
        self.wait_until_ready()
        return self

    def kill(self) -> None:
        """Ends the server with SIGKILL; its data and its port stay reserved for it."""
        container = self.get_wrapped_container()
        container.kill("SIGKILL")
        container.wait()

    def restart(self) -> None:
        """Starts the server again on its data and its port, stopping it if it runs."""
        self._resume()
        self.get_wrapped_container().restart(timeout=30)
        self.wait_until_ready()

    def pause(self) -> None:
        """Freezes every process of the server: connections open and nothing answers."""
        self.get_wrapped_container().pause()

    def unpause(self) -> None:
        """Lets a paused server go on where it was."""
        self.get_wrapped_container().unpause()

    def wipe(self) -> None:
        """Kills the server and starts an empty one under the same port."""
        self._remove()
        super().start()
        self.wait_until_ready()

    def ensure_ready(self) -> None:
        """Brings the server back from whatever a test did to it; data stays."""
        self._resume()
        if self._status() != "running":
            self.restart()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Returns when the server answers its protocol; else NotReadyError."""
        give_up = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self._status() == "exited" or time.monotonic() > give_up:
                logs = (
                    self.get_wrapped_container().logs(tail=20).decode(errors="replace")
                )
                message = (
                    f"{self.image} does not answer on port {self.host_port}:\n{logs}"
                )
                raise NotReadyError(message)
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the server speaks its protocol on the published port now."""
        raise NotImplementedError

    def _publish(self, host_port: int) -> None:
        self.host_port = host_port
        # The engine's client takes (address, port) too, which the annotation omits.
        ports = cast("dict[str, tuple[str, int]]", self.ports)
        ports[f"{self.server_port}/tcp"] = (HOST, host_port)

    def _resume(self) -> None:
        if self._status() == "paused":
            self.unpause()

    def _remove(self) -> None:
        if self._container is not None:
            self._container.remove(force=True, v=True)
            self._container = None

    def _status(self) -> str:
        container = self.get_wrapped_container()
        container.reload()
        return str(container.status)

    def _first_byte(self, request: bytes) -> bytes:
        try:
            with socket.create_connection((HOST, self.host_port), timeout=2) as peer:
                peer.sendall(request)
                return peer.recv(1)
        except OSError:
            return b""
