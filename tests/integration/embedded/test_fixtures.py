"""The fixtures themselves: embedded servers and servers of others are used alike."""

import asyncpg
import pytest

from shared.ids import new_id
from shared.messaging import check_topics, create_topics
from tests.support.embedded import (
    DatabaseServer,
    ExternalDatabaseServer,
    FreshDatabase,
    KafkaBroker,
    with_database,
)
from tests.support.external import ExternalServers


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take the variables away that name servers of others."""
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("TEST_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    return monkeypatch


class TestExternalServers:
    def test_are_none_unless_named(self, no_variables: pytest.MonkeyPatch) -> None:
        found = ExternalServers()
        assert (found.database_url, found.kafka_bootstrap_servers) == (None, None)

    def test_are_read_from_the_environment(
        self, no_variables: pytest.MonkeyPatch
    ) -> None:
        no_variables.setenv("TEST_DATABASE_URL", "postgresql://a:b@127.0.0.1:1/c")
        no_variables.setenv("TEST_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:2")
        found = ExternalServers()
        assert found.database_url is not None
        assert found.database_url.get_secret_value() == "postgresql://a:b@127.0.0.1:1/c"
        assert found.kafka_bootstrap_servers == "127.0.0.1:2"


class TestExternalDatabaseServer:
    async def test_lets_the_superuser_and_roles_in(
        self, fresh_database: FreshDatabase
    ) -> None:
        server = ExternalDatabaseServer(fresh_database.url)
        assert server.url_for("postgres", fresh_database.name) == fresh_database.url
        role = f"role_{new_id().hex}"
        url = server.url_for(role, fresh_database.name)
        password = url.removeprefix(f"postgresql://{role}:").partition("@")[0]
        owner = await asyncpg.connect(fresh_database.url)
        await owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        visitor = await asyncpg.connect(url)
        assert await visitor.fetchval("SELECT current_user") == role
        await visitor.close()
        await owner.execute(f"DROP ROLE {role}")
        await owner.close()


class TestFreshDatabase:
    async def test_is_empty_and_of_its_own(
        self, postgres_server: DatabaseServer, fresh_database: FreshDatabase
    ) -> None:
        connection = await asyncpg.connect(fresh_database.url)
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert await connection.fetchval(query) == 0
        assert fresh_database.url == with_database(
            postgres_server.url, fresh_database.name
        )
        await connection.close()


class TestKafkaBroker:
    async def test_has_topics_whoever_runs_it(self, kafka_broker: KafkaBroker) -> None:
        servers, topic = kafka_broker.bootstrap_servers, f"fixture.{new_id().hex}"
        await create_topics(servers, [topic], replication_factor=1)
        await check_topics(servers, [topic])
