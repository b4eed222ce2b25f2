"""A broker of its own for every test: topics have fixed names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.embedded import BrokerProcess
from tests.support.embedded import FreshDatabase
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Speaker,
    open_service,
)

pytest_plugins = ["tests.support.event_log"]


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[BrokerProcess]:
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


@pytest.fixture
def kafka_bootstrap(broker: BrokerProcess) -> str:
    return broker.bootstrap_servers


@pytest.fixture
async def speaker(migrated_database: FreshDatabase) -> AsyncIterator[Speaker]:
    async with open_service(migrated_database, SPEAKER) as service:
        yield Speaker(service)


@pytest.fixture
async def listener(migrated_database: FreshDatabase) -> AsyncIterator[Listener]:
    async with open_service(migrated_database, LISTENER) as service:
        yield Listener(service)
