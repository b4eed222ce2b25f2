"""Topics on any Kafka-protocol broker, embedded or real.

Invariant: after `create_topics` every named topic has exactly the partitions asked
for. Their number decides which partition a key belongs to, so another number is an
error, never something to live with.
"""

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.errors import UnavailableError

PARTITIONS = 12
"""For every topic, everywhere (architecture, "Messaging")."""


class TopicRefusedError(UnavailableError):
    """The broker did not create a topic."""


async def create_topics(
    bootstrap_servers: str,
    names: Iterable[str],
    *,
    partitions: int = PARTITIONS,
    replication_factor: int = 1,
) -> None:
    """Create the topics that do not exist yet.

    Raises:
        TopicRefusedError: the broker refused one, or has it with other partitions.
    """
    wanted = sorted(set(names))
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        topics = [NewTopic(name, partitions, replication_factor) for name in wanted]
        answer = await admin.create_topics(topics)
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code != 0 and error is not TopicAlreadyExistsError:
                raise TopicRefusedError(f"topic '{name}': {error.__name__}")
        await _check_partitions(admin, wanted, partitions)
    finally:
        await admin.close()


async def _check_partitions(
    admin: AIOKafkaAdminClient, names: list[str], expected: int
) -> None:
    for topic in await admin.describe_topics(names):
        found = len(topic["partitions"])
        if found != expected:
            message = (
                f"topic '{topic['topic']}' has {found} partitions, not {expected}: "
                "delete it, the relays publish everything again"
            )
            raise TopicRefusedError(message)
