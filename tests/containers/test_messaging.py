"""Messaging on the Kafka and the PostgreSQL that are run in production.

Most tests are those of ``tests/integration`` and ``tests/faults``; here stands which
servers they meet, and what only a broker that keeps its data can show.
"""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from shared.messaging.consuming.progress import Progress
from shared.messaging.era import Filling
from tests.containers.servers import KafkaContainer, PostgresContainer
from tests.faults.messaging.test_kills import (
    TestKillAfterAppendBeforeRelay,
    TestKillAfterHandlingBeforeCommit,
    TestKillAfterPublishBeforeCheckpoint,
    processes,
)
from tests.faults.messaging.test_rebalance import TestRebalance, handover
from tests.integration.messaging.test_delivery import TestDelivery
from tests.integration.messaging.test_parking import (
    TestParking,
    TestUnreadableMessages,
    lanes,
)
from tests.integration.messaging.test_relay import (
    TestAnotherLogOnTheSameBroker,
    TestConsumerThatComesLate,
    TestRelay,
)
from tests.integration.messaging.test_traps import (
    TestBareCommit,
    TestFailedSend,
    TestPing,
    TestPublishBatch,
    TestQuietPoll,
    TestUnreadableHeader,
    trap_topic,
)
from tests.support.embedded import DatabaseServer, ExternalDatabaseServer
from tests.support.messaging import (
    BROKER_SETTINGS,
    LISTENER,
    SPEAKER,
    Listener,
    Speaker,
    assert_sound,
    eventually,
    heard_all,
    listening,
    running,
    settings_for,
    speaking,
)

__all__ = [
    "TestAnotherLogOnTheSameBroker",
    "TestBareCommit",
    "TestConsumerThatComesLate",
    "TestDelivery",
    "TestFailedSend",
    "TestKillAfterAppendBeforeRelay",
    "TestKillAfterHandlingBeforeCommit",
    "TestKillAfterPublishBeforeCheckpoint",
    "TestParking",
    "TestPing",
    "TestPublishBatch",
    "TestQuietPoll",
    "TestRebalance",
    "TestRelay",
    "TestUnreadableHeader",
    "TestUnreadableMessages",
    "handover",
    "lanes",
    "processes",
    "trap_topic",
]

KEYS = [f"p{number}" for number in range(24)]


@pytest.fixture(scope="session")
def postgres_server(postgres_container: PostgresContainer) -> DatabaseServer:
    return ExternalDatabaseServer(postgres_container.url)


@pytest.fixture
async def kafka_bootstrap(
    kafka_container: KafkaContainer, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A real Kafka without topics, and with an idempotent producer."""
    monkeypatch.setitem(BROKER_SETTINGS, "idempotent_producer", value=True)
    monkeypatch.setitem(BROKER_SETTINGS, "fetch_max_wait_ms", 500)
    monkeypatch.setitem(BROKER_SETTINGS, "broker_holds_fetches", value=True)
    await _delete_topics(kafka_container.bootstrap_servers)
    return kafka_container.bootstrap_servers


async def _delete_topics(servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        while names := [name for name in await admin.list_topics() if name[0] != "_"]:
            await admin.delete_topics(names)
            await asyncio.sleep(0.2)
    finally:
        await admin.close()


async def filling(listener: Listener) -> Filling:
    """Return how the topic of the speaker is filled."""
    fillings = await Progress(listener.service.pool, LISTENER).fillings([SPEAKER])
    return fillings[SPEAKER]


class TestBroker:
    async def test_keeps_its_data_over_a_kill_and_nothing_is_published_anew(
        self,
        speaker: Speaker,
        listener: Listener,
        kafka_bootstrap: str,
        kafka_container: KafkaContainer,
    ) -> None:
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await speaker.say_all(KEYS, range(5))
            await eventually(lambda: heard_all(speaker, listener))
            before = await filling(listener)
            talking = asyncio.create_task(speaker.say_all(KEYS, range(5, 30)))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(kafka_container.kill)
            await talking
            await asyncio.to_thread(kafka_container.restart)
            await eventually(lambda: heard_all(speaker, listener), within_seconds=120)
            await assert_sound(speaker, listener)
            assert await filling(listener) == before

    async def test_loses_nothing_when_it_hangs_for_longer_than_a_request_may_take(
        self,
        speaker: Speaker,
        listener: Listener,
        kafka_bootstrap: str,
        kafka_container: KafkaContainer,
    ) -> None:
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await speaker.say_all(KEYS, range(5))
            await eventually(lambda: heard_all(speaker, listener))
            await asyncio.to_thread(kafka_container.pause)
            await speaker.say_all(KEYS, range(5, 15))
            await asyncio.sleep(8)
            await asyncio.to_thread(kafka_container.unpause)
            await speaker.say_all(KEYS, range(15, 20))
            await eventually(lambda: heard_all(speaker, listener), within_seconds=120)
            await assert_sound(speaker, listener)

    async def test_loses_nothing_when_it_is_replaced_by_an_empty_one(
        self,
        speaker: Speaker,
        listener: Listener,
        kafka_bootstrap: str,
        kafka_container: KafkaContainer,
    ) -> None:
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await speaker.say_all(KEYS, range(5))
            await eventually(lambda: heard_all(speaker, listener))
            before = await filling(listener)
            talking = asyncio.create_task(speaker.say_all(KEYS, range(5, 30)))
            await asyncio.to_thread(kafka_container.wipe)
            await talking
            await eventually(lambda: heard_all(speaker, listener), within_seconds=120)
            await assert_sound(speaker, listener)
            assert (await filling(listener)).era > before.era
