"""PostgreSQL in a container, answering on a fixed port of this machine."""

import secrets
import struct

from tests.containers.servers.container import HOST, ServerContainer


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
