"""Fixtures for messaging: a broker for one test, and the two services that talk."""

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


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[BrokerProcess]:
    """A broker that the test may kill, empty and restart; topics have fixed names."""
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


@pytest.fixture
def kafka_bootstrap(own_broker: BrokerProcess) -> str:
    """The broker that a test uses; elsewhere it is a real Kafka."""
    return own_broker.bootstrap_servers


@pytest.fixture
async def speaker(migrated_database: FreshDatabase) -> AsyncIterator[Speaker]:
    """The service that publishes, with its log."""
    async with open_service(migrated_database.url_for(SPEAKER), SPEAKER) as service:
        yield Speaker(service)


@pytest.fixture
async def listener(migrated_database: FreshDatabase) -> AsyncIterator[Listener]:
    """The service that consumes, with its log."""
    async with open_service(migrated_database.url_for(LISTENER), LISTENER) as service:
        yield Listener(service)
