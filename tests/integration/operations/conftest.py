"""The desk as it really runs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import services.operations.app
from shared.embedded import BrokerProcess
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Running, run_services

OPERATIONS = {
    "operations": (services.operations.app.build, services.operations.app.Settings)
}


@pytest.fixture
async def running(
    migrated_database: FreshDatabase, own_broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    """Operations alone, on a log that other services wrote to."""
    async with run_services(
        OPERATIONS, migrated_database, own_broker, tmp_path
    ) as running:
        yield running
