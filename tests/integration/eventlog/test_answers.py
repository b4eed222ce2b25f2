"""Answers to requests are kept for thirty days, and not longer."""

import asyncpg
import pytest

from shared.eventlog import PostgresEventLog, RequestKey, StoredAnswer, UnitOfWork
from tests.support.embedded import FreshDatabase


async def answered(log: PostgresEventLog, key: str) -> RequestKey:
    """Store the answer to a request and return its key."""
    request = RequestKey(actor="p-ana", route="POST /cases", key=key)
    answer = StoredAnswer(
        request=request, body_sha256=bytes(32), status=201, body=b"{}"
    )
    await log.append(UnitOfWork(answer=answer))
    return request


async def grow_old(database: FreshDatabase, key: str, age: str) -> None:
    """Let an answer have been stored *age* ago, as only a superuser can."""
    connection = await asyncpg.connect(database.url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            "UPDATE log.answer SET stored_at = clock_timestamp() - $2::text::interval "
            "WHERE key = $1",
            key,
            age,
        )
    finally:
        await connection.close()


class TestForgetAnswers:
    """Source: architecture.md, "Idempotent requests": kept 30 days."""

    @pytest.mark.parametrize(
        ("age", "is_kept"), [("29 days 23:59:50", 1), ("30 days 00:00:01", 0)]
    )
    async def test_keeps_what_is_not_thirty_days_old(
        self,
        event_log: PostgresEventLog,
        migrated_database: FreshDatabase,
        age: str,
        is_kept: int,
    ) -> None:
        old = await answered(event_log, "an-old-request")
        fresh = await answered(event_log, "a-fresh-request")
        await grow_old(migrated_database, old.key, age)
        assert await event_log.forget_answers() == 1 - is_kept
        assert bool(await event_log.answer(old)) == bool(is_kept)
        assert await event_log.answer(fresh) is not None
