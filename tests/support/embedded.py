"""Fixtures: a PostgreSQL, a Kafka-protocol broker and a mailbox for tests.

The servers live for the session and are embedded ones, unless `ExternalServers` names
others. Tests that kill or wipe a server start their own instead.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from shared.embedded import BrokerProcess, Mailbox, PostgresServer
from shared.ids import new_id
from tests.support.external import external_servers


class DatabaseServer(Protocol):
    """What tests may ask of the session's PostgreSQL, embedded or external."""

    @property
    def url(self) -> str:
        """The superuser's URL of some database."""

    def url_for(self, role: str, database: str = ...) -> str:
        """The URL with which *role* signs in, with the password it should have."""


class KafkaBroker(Protocol):
    """What tests may ask of the session's broker, embedded or external."""

    @property
    def bootstrap_servers(self) -> str:
        """``host:port``."""


@dataclass(frozen=True, slots=True)
class ExternalDatabaseServer:
    """A PostgreSQL that somebody else runs."""

    url: str

    def url_for(self, role: str, database: str = "attest") -> str:
        """As `PostgresServer.url_for`; the same password for a role in every run."""
        parts = urlsplit(self.url)
        if role == parts.username:
            return with_database(self.url, database)
        key = (parts.password or "").encode()
        password = hmac.new(key, role.encode(), hashlib.sha256).hexdigest()
        place = f"{role}:{password}@{parts.hostname}:{parts.port or 5432}"
        return urlunsplit(parts._replace(netloc=place, path=f"/{database}"))


@dataclass(frozen=True, slots=True)
class ExternalBroker:
    """A broker that somebody else runs."""

    bootstrap_servers: str


@dataclass(frozen=True, slots=True)
class FreshDatabase:
    """An empty database that belongs to one test."""

    name: str
    server: DatabaseServer

    @property
    def url(self) -> str:
        """The superuser's URL of this database."""
        return with_database(self.server.url, self.name)

    def url_for(self, role: str) -> str:
        """The URL with which *role* signs in to this database."""
        return self.server.url_for(role, self.name)


def with_database(url: str, database: str) -> str:
    """Return *url* with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def run_outside_tests(work: Coroutine[object, object, None]) -> None:
    """Run *work* in a loop of its own: session fixtures outlive the loops of tests."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[DatabaseServer]:
    """The session's PostgreSQL; no fsync: tests kill programs, not machines."""
    external = external_servers().database_url
    if external is not None:
        yield ExternalDatabaseServer(external.get_secret_value())
        return
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), fsync=False)
    run_outside_tests(server.start())
    try:
        yield server
    finally:
        run_outside_tests(server.stop())


@pytest.fixture
async def fresh_database(
    postgres_server: DatabaseServer,
) -> AsyncIterator[FreshDatabase]:
    """An empty database, dropped after the test with whoever is still connected."""
    async with database_on(postgres_server) as database:
        yield database


@asynccontextmanager
async def database_on(server: DatabaseServer) -> AsyncIterator[FreshDatabase]:
    """Make an empty database on *server*; drop it in the end, whoever is connected."""
    database = FreshDatabase(name=f"test_{new_id().hex}", server=server)
    await _execute(server.url, f"CREATE DATABASE {database.name} TEMPLATE template0")
    try:
        yield database
    finally:
        await _execute(server.url, f"DROP DATABASE {database.name} WITH (FORCE)")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """The session's broker; give topics names of their own, it is never emptied."""
    external = external_servers().kafka_bootstrap_servers
    if external is not None:
        yield ExternalBroker(external)
        return
    broker = BrokerProcess(tmp_path_factory.mktemp("broker"))
    run_outside_tests(broker.start())
    try:
        yield broker
    finally:
        run_outside_tests(broker.stop())


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[Mailbox]:
    """A running, empty mailbox."""
    mailbox = Mailbox(tmp_path / "mailbox")
    await mailbox.start()
    try:
        yield mailbox
    finally:
        await mailbox.stop()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
