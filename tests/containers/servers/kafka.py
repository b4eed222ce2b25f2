"""Apache Kafka in a container, advertising a fixed port of this machine."""

import struct

from tests.containers.servers.container import HOST, ServerContainer


class KafkaContainer(ServerContainer):
    """One Kafka node (KRaft: broker and controller) that advertises its host port."""

    server_port = 9092

    def __init__(self, image: str) -> None:
        super().__init__(image)
        # The upstream image takes its defaults only where no variable is set at all, so
        # everything a single node needs is said here. BROKER is how the node reaches
        # itself: the host port does not exist inside the container.
        self.with_envs(
            CLUSTER_ID="4L6g3nShT-eMCtK--X86sw",
            KAFKA_HEAP_OPTS="-Xms128m -Xmx512m",
            KAFKA_NODE_ID="1",
            KAFKA_PROCESS_ROLES="broker,controller",
            KAFKA_LISTENERS="PLAINTEXT://:9092,CONTROLLER://:9093,BROKER://:9094",
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=(
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT"
            ),
            KAFKA_INTER_BROKER_LISTENER_NAME="BROKER",
            KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
            KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
            KAFKA_LOG_DIRS="/var/lib/kafka/data",
            KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
            KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
            KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
            # As deploy/topics.yaml asks of every broker: a question about a topic must
            # not make it up, with one partition, before its owner creates it.
            KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
            # A killed broker is let in again when its old session has ended; Kafka's
            # own values (9 s, a sign of life every 2 s) only make tests wait.
            KAFKA_BROKER_SESSION_TIMEOUT_MS="4000",
            KAFKA_BROKER_HEARTBEAT_INTERVAL_MS="1000",
        )

    @property
    def bootstrap_servers(self) -> str:
        """Where clients of this machine reach the broker, as ``address:port``."""
        return f"{HOST}:{self.host_port}"

    def answers(self) -> bool:
        # ApiVersions, version 0, without a client id.
        return self._first_byte(struct.pack("!ihhih", 10, 18, 0, 1, -1)) != b""

    def _publish(self, host_port: int) -> None:
        super()._publish(host_port)
        self.with_env(
            "KAFKA_ADVERTISED_LISTENERS",
            f"PLAINTEXT://{HOST}:{host_port},BROKER://localhost:9094",
        )
