"""A PostgreSQL of its own for a benchmark: embedded, fsync on, in a fresh directory."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import structlog

from shared.database import SERVICE_ROLES, migrate
from shared.embedded import PostgresServer


@dataclass(frozen=True, slots=True)
class LogDatabase:
    """A migrated database, and databases for peers on the same server."""

    server: PostgresServer

    @property
    def url(self) -> str:
        """As the service that writes cases."""
        return self.server.url_for("submission")

    @property
    def admin_url(self) -> str:
        return self.server.url

    async def peer_environment(self, name: str) -> Mapping[str, str]:
        """Create a database for `eventsourcing`; return how it gets there."""
        admin = await asyncpg.connect(self.admin_url)
        try:
            await admin.execute(f"drop database if exists {name} with (force)")
            await admin.execute(f"create database {name}")
        finally:
            await admin.close()
        parts = urlsplit(self.admin_url)
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": name,
            "POSTGRES_HOST": parts.hostname or "",
            "POSTGRES_PORT": str(parts.port),
            "POSTGRES_USER": parts.username or "",
            "POSTGRES_PASSWORD": parts.password or "",
        }


@asynccontextmanager
async def log_database() -> AsyncIterator[LogDatabase]:
    """Yield a fresh server with the log migrated; stops and deletes it afterwards."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory(prefix="attest-benchmark-") as directory:
        server = PostgresServer(Path(directory) / "postgres")
        await server.start()
        try:
            passwords = server.passwords.for_roles(*SERVICE_ROLES)
            await migrate(server.url, role_passwords=passwords)
            yield LogDatabase(server)
        finally:
            await server.stop()
