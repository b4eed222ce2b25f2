"""Everything in one process: what is started, and what happens when one part fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from services.cli import together
from shared.database import SchemaVersionError
from tests.support.embedded import FreshDatabase
from tests.support.running_services import LEAKED_AT_STOP
from tests.support.serving import free_port

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class TestRunTogether:
    @pytest.mark.filterwarnings(LEAKED_AT_STOP)
    async def test_makes_no_demonstration_of_a_database_that_is_there(
        self,
        fresh_database: FreshDatabase,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A real log could then be given facts of the future, for ever."""
        monkeypatch.setenv("DATABASE_URL", fresh_database.url)
        async with together.run_together(
            tmp_path / "state", host="127.0.0.1", port=free_port()
        ):
            pass
        admin = await asyncpg.connect(fresh_database.url)
        try:
            is_one = await admin.fetchval("SELECT demonstration FROM log.head")
        finally:
            await admin.close()
        assert is_one is False


class TestStartAll:
    async def test_leaves_nothing_running_when_one_cannot_start(self) -> None:
        running: set[str] = set()

        def slow(name: str) -> Lifespan:
            @asynccontextmanager
            async def lifespan(_: FastAPI) -> AsyncIterator[None]:
                await asyncio.sleep(0.05)
                running.add(name)
                try:
                    yield
                finally:
                    running.remove(name)

            return lifespan

        @asynccontextmanager
        async def failing(_: FastAPI) -> AsyncIterator[None]:
            raise SchemaVersionError(differs="log/0001")
            yield

        apps = {
            "one": FastAPI(lifespan=slow("one")),
            "two": FastAPI(lifespan=failing),
            "three": FastAPI(lifespan=slow("three")),
        }
        with pytest.raises(SchemaVersionError):
            async with AsyncExitStack() as stack:
                await together._start_all(apps, stack)
        assert running == set()
        assert asyncio.all_tasks() == {asyncio.current_task()}
