"""Containers of PostgreSQL and Apache Kafka that a test may kill, pause and restart.

Invariant: the host port is chosen before the first start and published on 127.0.0.1
alone, so an address handed out stays valid through kill, restart and wipe.

The methods block until the server answers again; from a coroutine, call them through
``asyncio.to_thread``.
"""

import secrets
import socket
import struct
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


class PostgresContainer(ServerContainer):
    """PostgreSQL with a superuser, durable as in production (fsync stays on)."""

    server_port = 5432

    def __init__(self, image: str) -> None:
        super().__init__(image)
        self.password = secrets.token_urlsafe(16)
        self.with_env("POSTGRES_PASSWORD", self.password)
        # Six services and their tests, each with pools of its own.
        self.with_command(["-c", "max_connections=300"])

    @property
    def url(self) -> str:
        """The superuser's URL of the database ``postgres``."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.host_port}/postgres"

    def answers(self) -> bool:
        # StartupMessage of protocol 3.0; R asks for the password, E is an error,
        # such as "starting up".
        body = struct.pack("!I", 196608) + b"user\0postgres\0\0"
        return self._first_byte(struct.pack("!I", len(body) + 4) + body) == b"R"


class KafkaContainer(ServerContainer):
    """One Kafka node (KRaft: broker and controller) that advertises its host port."""

    server_port = 9092

    def __init__(self, image: str) -> None:
        super().__init__(image)
        # The upstream image takes its defaults only where no variable is set at all, so
        # everything a single node needs is said here. BROKER is how the node reaches
        # itself: the host port does not exist inside the container.
        self.with_envs(
            CLUSTER_ID="4L6g3nShT-eMCtK--X86sw",
            KAFKA_HEAP_OPTS="-Xms128m -Xmx512m",
            KAFKA_NODE_ID="1",
            KAFKA_PROCESS_ROLES="broker,controller",
            KAFKA_LISTENERS="PLAINTEXT://:9092,CONTROLLER://:9093,BROKER://:9094",
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=(
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT"
            ),
            KAFKA_INTER_BROKER_LISTENER_NAME="BROKER",
            KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
            KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
            KAFKA_LOG_DIRS="/var/lib/kafka/data",
            KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
            KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
            # A killed broker is let in again when its old session has ended; Kafka's
            # own values (9 s, a sign of life every 2 s) only make tests wait.
            KAFKA_BROKER_SESSION_TIMEOUT_MS="4000",
            KAFKA_BROKER_HEARTBEAT_INTERVAL_MS="1000",
        )

    @property
    def bootstrap_servers(self) -> str:
        """Where clients of this machine reach the broker, as ``address:port``."""
        return f"{HOST}:{self.host_port}"

    def answers(self) -> bool:
        # ApiVersions, version 0, without a client id.
        return self._first_byte(struct.pack("!ihhih", 10, 18, 0, 1, -1)) != b""

    def _publish(self, host_port: int) -> None:
        super()._publish(host_port)
        self.with_env(
            "KAFKA_ADVERTISED_LISTENERS",
            f"PLAINTEXT://{HOST}:{host_port},BROKER://localhost:9094",
        )
