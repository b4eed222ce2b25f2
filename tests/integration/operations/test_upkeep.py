"""What a service does beside its own work."""

import json

import asyncpg
import pytest
import structlog

from shared.logs import configure_logs
from tests.integration.operations.writing import moved, write
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

        await eventually(forgotten)


class TestRebuild:
    async def test_tells_how_far_it_is_and_who_asked_for_it(
        self, running: Running
    ) -> None:
        """Source: domain.md section 1: operations replay events."""
        position = await write(running.database, "case-c-1", moved(1), moved(2))
        desk = running.as_person("operations", "olga", "operations")
        desk.reached.position = position
        assert len((await desk.get("/cases/c-1/timeline")).json()["items"]) == 2
        configure_logs(level="INFO")
        with structlog.testing.capture_logs() as lines:
            answer = await desk.http.post(
                "/maintenance/rebuild",
                headers={"Authorization": f"Bearer {desk.token}"},
            )
        *steps, last = [json.loads(line) for line in answer.text.splitlines()]
        assert steps[-1] == {"done": position, "total": position}
        assert last == {"result": {"position": position}}
        found = [(line["event"], line["actor"]) for line in lines if "actor" in line]
        assert found == [
            ("read_models.rebuild_began", "olga"),
            ("read_models.rebuilt", "olga"),
        ]
        differences = await desk.get("/maintenance/differences")
        assert json.loads(differences.text.splitlines()[-1]) == {
            "result": {"differences": {"timeline": 0}}
        }
