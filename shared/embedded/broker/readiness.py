"""Is the broker there? Asked with real requests, not with the process table."""

import asyncio
import time

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.embedded.ports import LOCALHOST, is_free
from shared.errors import UnavailableError

_PORT_BACK_SECONDS = 10.0
_POLL_SECONDS = 0.01


class PortStillTakenError(UnavailableError):
    """The broker's port is taken by another program: end that, then start again."""


async def until_free(port: int) -> None:
    """Wait until a server could listen on *port* again.

    Raises:
        PortStillTakenError: somebody else has taken it.
    """
    deadline = time.monotonic() + _PORT_BACK_SECONDS
    while not is_free(port):
        if time.monotonic() > deadline:
            raise PortStillTakenError(port=port)
        await asyncio.sleep(_POLL_SECONDS)


async def accepts(port: int) -> bool:
    """Tell whether anybody accepts connections on *port*."""
    try:
        _, writer = await asyncio.open_connection(LOCALHOST, port)
        writer.close()
        await writer.wait_closed()
    except OSError:
        return False
    return True


async def answers_kafka(bootstrap_servers: str) -> bool:
    """Tell whether a Kafka request, the list of topics, is answered."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        await admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True
