"""The servers in containers are real, durable, and keep their address."""

import asyncio

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.containers.servers import KafkaContainer, PostgresContainer

ANSWER_SECONDS = 60


async def ask(server: PostgresContainer, question: str) -> str:
    """The one value that PostgreSQL answers, as text."""
    connection = await asyncpg.connect(server.url, timeout=5)
    try:
        return str(await connection.fetchval(question, timeout=5))
    finally:
        await connection.close()


async def create_topic(server: KafkaContainer, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=server.bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 12, 1)])
    finally:
        await admin.close()


async def publish(server: KafkaContainer, topic: str, *values: bytes) -> None:
    """Publishes values in one transaction, between two that are aborted."""
    producer = AIOKafkaProducer(
        bootstrap_servers=server.bootstrap_servers,
        transactional_id=f"{topic}-producer",
        enable_idempotence=True,
        acks="all",
    )
    await producer.start()
    try:
        for aborted in (b"never-before", b"never-after"):
            await producer.begin_transaction()
            await producer.send_and_wait(topic, aborted, key=aborted)
            await producer.abort_transaction()
        async with producer.transaction():
            for value in values:
                await producer.send_and_wait(topic, value, key=value)
    finally:
        await producer.stop()


async def consume(server: KafkaContainer, topic: str, *, count: int) -> set[bytes]:
    """The next *count* values a consumer group reads, committed as read."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=server.bootstrap_servers,
        group_id=f"{topic}-readers",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            values = {(await consumer.getone()).value for _ in range(count)}
        await consumer.commit()
    finally:
        await consumer.stop()
    return values


class TestPostgresContainer:
    async def test_runs_a_supported_version(
        self, postgres_container: PostgresContainer
    ) -> None:
        assert int(await ask(postgres_container, "SHOW server_version_num")) >= 150_000

    @pytest.mark.parametrize(
        "setting", ["fsync", "synchronous_commit", "full_page_writes"]
    )
    async def test_is_as_durable_as_in_production(
        self, postgres_container: PostgresContainer, setting: str
    ) -> None:
        assert await ask(postgres_container, f"SHOW {setting}") == "on"

    async def test_refuses_a_wrong_password(
        self, postgres_container: PostgresContainer
    ) -> None:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(postgres_container.url, password="not this one")

    async def test_keeps_what_was_committed_when_killed(
        self, postgres_container: PostgresContainer
    ) -> None:
        url = postgres_container.url
        await ask(postgres_container, "CREATE TABLE kept AS SELECT 42 AS n")
        await asyncio.to_thread(postgres_container.kill)
        with pytest.raises((ConnectionError, TimeoutError)):
            await asyncpg.connect(url, timeout=5)
        await asyncio.to_thread(postgres_container.restart)
        assert postgres_container.url == url
        assert await ask(postgres_container, "SELECT n FROM kept") == "42"

    async def test_goes_on_where_it_was_paused(
        self, postgres_container: PostgresContainer
    ) -> None:
        connection = await asyncpg.connect(postgres_container.url)
        postgres_container.pause()
        with pytest.raises(TimeoutError):
            await asyncpg.connect(postgres_container.url, timeout=1)
        answer = asyncio.create_task(connection.fetchval("SELECT 1"))
        done, _ = await asyncio.wait([answer], timeout=1)
        assert not done
        postgres_container.unpause()
        assert await asyncio.wait_for(answer, ANSWER_SECONDS) == 1
        await connection.close()


class TestKafkaContainer:
    async def test_commits_and_aborts_transactions(
        self, kafka_container: KafkaContainer
    ) -> None:
        await create_topic(kafka_container, "transactions")
        await publish(kafka_container, "transactions", b"one", b"two")
        values = await consume(kafka_container, "transactions", count=2)
        assert values == {b"one", b"two"}

    async def test_keeps_messages_and_group_offsets_when_killed(
        self, kafka_container: KafkaContainer
    ) -> None:
        address = kafka_container.bootstrap_servers
        await create_topic(kafka_container, "kept")
        await publish(kafka_container, "kept", b"read", b"read-too")
        await consume(kafka_container, "kept", count=2)
        await publish(kafka_container, "kept", b"unread")
        await asyncio.to_thread(kafka_container.kill)
        assert not kafka_container.answers()
        await asyncio.to_thread(kafka_container.restart)
        assert kafka_container.bootstrap_servers == address
        assert await consume(kafka_container, "kept", count=1) == {b"unread"}

    async def test_forgets_everything_when_wiped(
        self, kafka_container: KafkaContainer
    ) -> None:
        address = kafka_container.bootstrap_servers
        await create_topic(kafka_container, "wiped")
        await asyncio.to_thread(kafka_container.wipe)
        assert kafka_container.bootstrap_servers == address
        await create_topic(kafka_container, "wiped")
        await publish(kafka_container, "wiped", b"after")
        assert await consume(kafka_container, "wiped", count=1) == {b"after"}

    async def test_is_brought_back_from_a_pause_for_the_next_test(
        self, kafka_container: KafkaContainer
    ) -> None:
        kafka_container.pause()
        assert not kafka_container.answers()
        await asyncio.to_thread(kafka_container.ensure_ready)
        assert kafka_container.answers()
