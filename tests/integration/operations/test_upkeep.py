"""What a service does beside its own work."""

import asyncpg
import pytest

from tests.support.embedded import FreshDatabase
from tests.support.running_services import Running, eventually

_OLD_ANSWER = """
INSERT INTO log.answer VALUES (
    'operations', 'olga', 'POST /imports', 'key-0001', sha256('body'), 201, '{}', 0,
    now() - interval '31 days'
)
"""


@pytest.fixture
async def own_answer(migrated_database: FreshDatabase) -> FreshDatabase:
    """A database with an answer of the desk, from before the desk is started."""
    admin = await asyncpg.connect(migrated_database.url)
    await admin.execute(_OLD_ANSWER)
    await admin.close()
    return migrated_database


class TestForgetAnswers:
    async def test_deletes_answers_nobody_will_ask_for_again(
        self, own_answer: FreshDatabase, running: Running
    ) -> None:
        """Source: architecture.md, "Idempotent requests": 30 days."""

        async def forgotten() -> bool:
            admin = await asyncpg.connect(own_answer.url)
            try:
                return not await admin.fetchval("SELECT count(*) FROM log.answer")
            finally:
                await admin.close()

        await eventually(forgotten, within_seconds=5)
