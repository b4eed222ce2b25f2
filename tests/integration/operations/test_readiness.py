"""A service tells when a part of it does not work."""

import asyncpg
import structlog

from shared.eventlog import open_log
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_stream, unit
from tests.support.running_services import Running, eventually


class TestReadiness:
    async def test_names_a_loop_that_fails(self, running: Running) -> None:
        """A fact that cannot be read stops the read models; it is tried again."""
        http = running.clients["operations"]
        assert (await http.get("/readyz")).json() == {"ready": True, "wrong": {}}
        event = new_event("submission.Enrolled", b'{"what":"secret text"}')
        with structlog.testing.capture_logs() as lines:
            async with open_log(running.database.url_for("submission")) as log:
                await log.append(unit(new_stream(), 0, event))

            async def failed_twice() -> bool:
                return len([e for e in lines if e["event"] == "loop.failed"]) > 1

            await eventually(failed_twice)
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert "MalformedFactError" in answer.json()["wrong"]["Projector.run"]
        assert "secret text" not in str(lines) + answer.text

    async def test_names_a_log_that_was_restored(self, running: Running) -> None:
        """What this process knows may never have happened: it is to be restarted."""
        http = running.clients["operations"]
        await _follows(running)
        admin = await asyncpg.connect(running.database.url)
        await admin.execute("SELECT log.restore_epoch()")
        await admin.close()

        async def wrong() -> str | None:
            found = (await http.get("/readyz")).json()["wrong"]
            return str(found["Projector.run"]) if "Projector.run" in found else None

        assert "LogRestoredError" in await eventually(wrong)

    async def test_names_a_log_that_is_away(self, running: Running) -> None:
        http = running.clients["operations"]
        await _refuse_connections(running.database)

        async def not_ready() -> bool:
            return (await http.get("/readyz")).status_code == 503

        await eventually(not_ready)
        wrong = (await http.get("/readyz")).json()["wrong"]
        assert wrong["log"].startswith("PostgreSQL does not answer")


async def _follows(running: Running) -> None:
    """Return once the read models went past a fact that was appended now."""
    async with open_log(running.database.url_for("submission")) as log:
        appended = await log.append(unit(new_stream(), 0, new_event("a.B")))
    desk = running.as_person("operations", "o-1", "operations")
    desk.reached.position = appended.position
    assert (await desk.get("/events")).is_success


async def _refuse_connections(database: FreshDatabase) -> None:
    """Cut every service off and let none come back."""
    name = database.name
    admin = await asyncpg.connect(database.server.url)
    try:
        await admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
            name,
        )
    finally:
        await admin.close()
