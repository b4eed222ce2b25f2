"""Real servers in containers, at the mercy of the tests."""

from tests.containers.servers.container import NotReadyError, ServerContainer
from tests.containers.servers.kafka import KafkaContainer
from tests.containers.servers.postgres import PostgresContainer

__all__ = ["KafkaContainer", "NotReadyError", "PostgresContainer", "ServerContainer"]
