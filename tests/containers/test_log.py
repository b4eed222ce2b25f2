"""The event log and the key store on the PostgreSQL that is run in production.

The tests are those of ``tests/contract`` and ``tests/integration``; here stands only
which server they meet.
"""

import pytest
from pydantic import SecretStr

from shared.crypto import open_keystore
from shared.eventlog import EventLog, PostgresEventLog
from tests.containers.servers import PostgresContainer
from tests.contract.test_event_log import (
    TestAppend,
    TestBadInput,
    TestFollow,
    TestHead,
    TestInbox,
    TestReading,
    TestRepeatedAppend,
    TestStoredAnswer,
)
from tests.contract.test_keystore import OpenStore, TestKeyStore, second, store
from tests.integration.crypto.test_postgres_table import TestPostgresKeyTable
from tests.integration.eventlog.test_append_function import (
    TestArguments,
    TestDemonstration,
    TestGroup,
    TestLeaf,
)
from tests.integration.eventlog.test_committer import TestCommitter
from tests.integration.eventlog.test_follow import TestFollow as TestFollowingDatabase
from tests.integration.eventlog.test_privileges import TestOwner, TestServiceRole
from tests.support.embedded import (
    DatabaseServer,
    ExternalDatabaseServer,
    FreshDatabase,
)

__all__ = [
    "TestAppend",
    "TestArguments",
    "TestBadInput",
    "TestCommitter",
    "TestDemonstration",
    "TestFollow",
    "TestFollowingDatabase",
    "TestGroup",
    "TestHead",
    "TestInbox",
    "TestKeyStore",
    "TestLeaf",
    "TestOwner",
    "TestPostgresKeyTable",
    "TestReading",
    "TestRepeatedAppend",
    "TestServiceRole",
    "TestStoredAnswer",
    "second",
    "store",
]


@pytest.fixture(scope="session")
def postgres_server(postgres_container: PostgresContainer) -> DatabaseServer:
    """The session's PostgreSQL of `tests.support.embedded`, in a container here."""
    return ExternalDatabaseServer(postgres_container.url)


@pytest.fixture
def log(event_log: PostgresEventLog) -> EventLog:
    """The log of the contract; only the real one."""
    return event_log


@pytest.fixture
def open_store(fresh_database: FreshDatabase) -> OpenStore:
    """The key store of the contract; only the one in PostgreSQL."""
    url = SecretStr(fresh_database.url)
    return lambda secret: open_keystore(url, secret)


class TestTheServer:
    def test_is_the_one_in_the_container(
        self, fresh_database: FreshDatabase, postgres_container: PostgresContainer
    ) -> None:
        assert f":{postgres_container.host_port}/" in fresh_database.url
