"""The embedded broker: speaks Kafka, comes back empty on the same port."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from shared.embedded import BrokerProcess
from shared.messaging import create_topics


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[BrokerProcess]:
    """A running, empty broker."""
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


class TestBrokerProcess:
    async def test_has_topics_with_twelve_partitions_once(
        self, broker: BrokerProcess
    ) -> None:
        await make(broker, "review.v1", "submission.v1")
        await make(broker, "submission.v1", "viva.v1")
        found = await topics(broker)
        assert found == {"review.v1": 12, "submission.v1": 12, "viva.v1": 12}

    async def test_forgets_everything_at_a_restart_and_keeps_its_port(
        self, broker: BrokerProcess
    ) -> None:
        await make(broker, "review.v1")
        before = broker.bootstrap_servers
        await broker.restart()
        assert broker.bootstrap_servers == before
        assert await topics(broker) == {}

    async def test_ends_when_killed_and_starts_again_on_its_port(
        self, broker: BrokerProcess
    ) -> None:
        port = broker.port
        await broker.kill()
        assert not broker.running
        await broker.start()
        assert broker.port == port
        assert await topics(broker) == {}

    async def test_takes_another_port_when_its_own_is_taken(
        self, broker: BrokerProcess
    ) -> None:
        await broker.stop()
        with socket.create_server(("127.0.0.1", broker.port)):
            again = BrokerProcess(broker.directory)
            await again.start()
            try:
                assert again.port != broker.port
                assert await topics(again) == {}
            finally:
                await again.stop()


async def make(broker: BrokerProcess, *names: str) -> None:
    """Create the topics that are missing."""
    await create_topics(broker.bootstrap_servers, names, replication_factor=1)


async def topics(broker: BrokerProcess) -> dict[str, int]:
    """Return the topics on the broker and how many partitions each has."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if not name.startswith("_")]
        described = await admin.describe_topics(names) if names else []
        return {topic["topic"]: len(topic["partitions"]) for topic in described}
    finally:
        await admin.close()
