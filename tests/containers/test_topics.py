"""``attest topics`` on the Kafka that is run in production."""

from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.messaging import OWNERS, PARTITIONS, topic_of
from tests.containers.servers import KafkaContainer
from tests.support.processes import attest, finished

TOPICS = [topic_of(owner) for owner in OWNERS]


class TestTopics:
    async def test_are_created_as_the_file_says_and_then_left_alone(
        self, kafka_container: KafkaContainer, tmp_path: Path
    ) -> None:
        servers = kafka_container.bootstrap_servers
        for again in range(2):
            child = attest(
                *("topics", "--replication-factor", "1"),
                log=tmp_path / f"topics-{again}.log",
                environment={"KAFKA_BOOTSTRAP_SERVERS": servers},
            )
            assert f"all {len(TOPICS)} topics" in await finished(child)
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        try:
            found = await admin.describe_topics(TOPICS)
            resource = ConfigResource(ConfigResourceType.TOPIC, TOPICS[0])
            answers = await admin.describe_configs([resource])
        finally:
            await admin.close()
        assert {len(topic["partitions"]) for topic in found} == {PARTITIONS}
        config = {entry[0]: entry[1] for entry in answers[0].resources[0][4]}
        assert config["retention.ms"] == "-1"
        assert config["min.insync.replicas"] == "1"

    async def test_say_which_broker_does_not_answer(self, tmp_path: Path) -> None:
        child = attest(
            "topics",
            log=tmp_path / "topics.log",
            environment={"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"},
        )
        assert await child.wait() == 1
        assert "127.0.0.1:9" in child.program.log.read_text()
