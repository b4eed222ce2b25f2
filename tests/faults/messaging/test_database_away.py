"""PostgreSQL is killed with -9 and comes back, while messages flow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.database import migrate
from shared.embedded import PostgresServer
from shared.messaging import ParkedLanes
from tests.support.event_log import passwords
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Speaker,
    assert_sound,
    eventually,
    heard_all,
    listening,
    open_service,
    running,
    settings_for,
    speaking,
)

KEYS = [f"p{number}" for number in range(12)]


@pytest.fixture
async def own_database(tmp_path: Path) -> AsyncIterator[PostgresServer]:
    """A PostgreSQL that the test may kill; what it confirmed is on disk."""
    server = PostgresServer(tmp_path / "postgres")
    await server.start()
    try:
        await migrate(server.url, role_passwords=passwords(server))
        yield server
    finally:
        await server.stop()


class TestDatabaseThatGoesAway:
    async def test_parks_nothing_and_goes_on_when_it_is_back(
        self, own_database: PostgresServer, kafka_bootstrap: str
    ) -> None:
        async with (
            open_service(own_database.url_for(SPEAKER), SPEAKER) as speaking_service,
            open_service(own_database.url_for(LISTENER), LISTENER) as hearing_service,
        ):
            speaker, listener = Speaker(speaking_service), Listener(hearing_service)
            async with running(
                speaking(speaking_service, settings_for(SPEAKER, kafka_bootstrap)),
                listening(listener, settings_for(LISTENER, kafka_bootstrap)),
            ):
                await speaker.say_all(KEYS, range(3))
                await eventually(
                    lambda: heard_all(speaker, listener), within_seconds=60
                )
                for round_ in range(2):
                    first = 3 + 10 * round_
                    talking = asyncio.create_task(
                        speaker.say_all(KEYS, range(first, first + 10))
                    )
                    await asyncio.sleep(0.15)
                    await own_database.kill()
                    await asyncio.sleep(2)
                    await own_database.start()
                    await talking
                await eventually(
                    lambda: heard_all(speaker, listener), within_seconds=60
                )
                await assert_sound(speaker, listener)
            assert await ParkedLanes(hearing_service.pool).list() == ()
