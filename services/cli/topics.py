"""``attest topics``: a Kafka cluster gets the topics of ``deploy/topics.yaml``."""

import asyncio
from pathlib import Path

import yaml
from aiokafka.errors import KafkaError
from pydantic import BaseModel, ConfigDict, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.database import SERVICE_ROLES
from shared.errors import UnavailableError
from shared.messaging import check_topics, create_topics, wait_for_groups
from shared.settings import Hosts, read_settings

FILE = Path(__file__).resolve().parents[2] / "deploy" / "topics.yaml"
GROUPS_SECONDS = 60.0
"""Above the seconds in which a new broker makes its topic of consumer groups."""
IN_SYNC = "min.insync.replicas"


class BrokerRefusedError(UnavailableError):
    """The brokers do not answer, or do not create the topics."""


class BrokerSettings(BaseSettings):
    """Where the brokers are."""

    model_config = SettingsConfigDict(frozen=True)

    kafka_bootstrap_servers: Hosts


class TopicsFile(BaseModel):
    """What the file says; numbers and truths become words, as Kafka has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partitions: PositiveInt
    replication_factor: PositiveInt
    config: dict[str, int | bool | str]
    topics: tuple[str, ...]

    def config_for(self, replicas: int) -> dict[str, str]:
        """Return the settings of a topic; no more replicas in sync than there are."""
        words = {name: str(value).lower() for name, value in self.config.items()}
        return {**words, IN_SYNC: str(min(int(words[IN_SYNC]), replicas))}


def ensure_topics(replication_factor: int | None) -> int:
    """Create the topics that are missing, check all, and return how many there are.

    The brokers are ready for the services' consumer groups then.

    Raises:
        SettingsError: KAFKA_BOOTSTRAP_SERVERS is missing or not valid.
        BrokerRefusedError: the brokers do not answer, or refuse.
        UnsafeMessagingError: a topic is there with another number of partitions.
    """
    servers = read_settings(BrokerSettings).kafka_bootstrap_servers
    said = TopicsFile.model_validate(yaml.safe_load(FILE.read_text()))
    asyncio.run(_ensure(servers, said, replication_factor))
    return len(said.topics)


async def _ensure(servers: str, said: TopicsFile, replicas: int | None) -> None:
    count = replicas or said.replication_factor
    try:
        await create_topics(
            servers,
            said.topics,
            replication_factor=count,
            config=said.config_for(count),
        )
        await check_topics(servers, said.topics)
        await wait_for_groups(servers, SERVICE_ROLES, timeout_seconds=GROUPS_SECONDS)
    except KafkaError as error:
        reason = type(error).__name__
        raise BrokerRefusedError(servers=servers, reason=reason) from error
