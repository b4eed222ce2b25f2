"""A migrated database, the log in it, and units of work to append."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from shared.database import SERVICE_ROLES, migrate
from shared.eventlog import (
    InboxMark,
    NewEvent,
    PostgresEventLog,
    RequestKey,
    StoredAnswer,
    StreamWrite,
    UnitOfWork,
    open_log,
)
from shared.ids import new_id
from tests.support.embedded import DatabaseServer, FreshDatabase

OCCURRED_AT = datetime(2026, 9, 1, 9, 30, 0, 123456, tzinfo=UTC)


def passwords(server: DatabaseServer) -> Mapping[str, str]:
    """Return the password of every service role, as the server's URLs have it."""
    urls = {role: urlsplit(server.url_for(role)) for role in SERVICE_ROLES}
    return {role: url.password for role, url in urls.items() if url.password}


@pytest.fixture
async def migrated_database(fresh_database: FreshDatabase) -> FreshDatabase:
    """A database of its own with every schema, its log not for demonstration."""
    await migrate(fresh_database.url, role_passwords=passwords(fresh_database.server))
    return fresh_database


@pytest.fixture
async def demonstration_database(fresh_database: FreshDatabase) -> FreshDatabase:
    """A database of its own with every schema, the clock of its log to be moved."""
    await migrate(
        fresh_database.url,
        role_passwords=passwords(fresh_database.server),
        demonstration=True,
    )
    return fresh_database


@pytest.fixture
async def event_log(
    migrated_database: FreshDatabase,
) -> AsyncIterator[PostgresEventLog]:
    """The log of a fresh database as the service ``submission`` sees it."""
    async with open_log(migrated_database.url_for("submission")) as log:
        yield log


def new_stream(category: str = "case") -> str:
    """Return the name of a stream that does not exist yet."""
    return f"{category}-{new_id()}"


def new_event(
    type_: str = "submission.SectionSaved",
    payload: bytes = b'{"words":812}',
    *,
    event_id: UUID | None = None,
    schema_version: int = 1,
) -> NewEvent:
    """Return an event with a fresh id unless *event_id* is given."""
    return NewEvent(
        event_id=event_id or new_id(),
        type=type_,
        schema_version=schema_version,
        payload=payload,
        metadata=b'{"actor":"p-1"}',
        occurred_at=OCCURRED_AT,
    )


def unit(
    stream: str,
    expected_version: int = 0,
    *events: NewEvent,
    inbox: tuple[InboxMark, ...] = (),
    answer: StoredAnswer | None = None,
) -> UnitOfWork:
    """Return a unit that writes *events* to one stream."""
    write = StreamWrite(stream=stream, expected_version=expected_version, events=events)
    return UnitOfWork(writes=(write,), inbox=inbox, answer=answer)


def new_mark(consumer: str = "submission") -> InboxMark:
    """Return the mark of a message that nobody has handled."""
    return InboxMark(consumer=consumer, event_id=new_id())


def new_answer(key: str | None = None, body: bytes = b'{"id":"c-1"}') -> StoredAnswer:
    """Return an answer to a request that nobody has answered."""
    return StoredAnswer(
        request=RequestKey(actor="p-1", route="POST /cases", key=key or new_id().hex),
        body_sha256=bytes(range(32)),
        status=201,
        body=body,
    )
