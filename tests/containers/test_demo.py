"""A whole cohort on what production runs: PostgreSQL, Apache Kafka, own processes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.cli.client import SERVICES
from shared.embedded import Mailbox
from shared.ids import new_id
from tests.containers.servers import KafkaContainer, PostgresContainer
from tests.support.embedded import (
    DatabaseServer,
    ExternalDatabaseServer,
    FreshDatabase,
    with_database,
)
from tests.support.processes import attest, finished
from tests.support.separate import Given, Separate, run_separate

PARTICIPANTS = 30
FINDING = '{"check"'


@pytest.fixture(scope="session")
def postgres_server(postgres_container: PostgresContainer) -> DatabaseServer:
    """The session's PostgreSQL of `tests.support.embedded`, in a container here."""
    return ExternalDatabaseServer(postgres_container.url)


@pytest.fixture
async def keystore_url(
    postgres_container: PostgresContainer,
) -> AsyncIterator[str]:
    """A database of its own for the keys, as the log must not have them."""
    name = f"keys_{new_id().hex}"
    connection = await asyncpg.connect(postgres_container.url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield with_database(postgres_container.url, name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
async def separate(
    fresh_database: FreshDatabase,
    kafka_container: KafkaContainer,
    mailbox: Mailbox,
    keystore_url: str,
    tmp_path: Path,
) -> AsyncIterator[Separate]:
    given = Given(
        database=fresh_database,
        kafka_bootstrap_servers=kafka_container.bootstrap_servers,
        smtp_url=mailbox.smtp_url,
        directory=tmp_path,
        keystore_url=keystore_url,
        more={},
    )
    async with run_separate(given) as separate:
        yield separate


class TestDemo:
    async def test_holds_every_check_with_each_service_in_its_own_process(
        self, separate: Separate, mailbox: Mailbox, tmp_path: Path
    ) -> None:
        demo = attest(
            *("demo", "--url", separate.url, "--format", "json"),
            log=tmp_path / "demo.log",
        )
        printed = await finished(demo)
        lines = [line for line in printed.splitlines() if line.startswith(FINDING)]
        findings = {found["check"]: found["holds"] for found in map(json.loads, lines)}
        assert len(findings) > len(SERVICES)
        assert all(findings.values()), findings
        assert mailbox.count == PARTICIPANTS
        assert all(child.running for child in separate.processes.values())
