"""Asks the broker about topics without making it create the ones it does not have.

aiokafka has no option for that: each of its questions lets the broker create the topic,
with as many partitions as the broker likes. After a loss of the broker's data whoever
asks first would bring every topic back with the wrong number, and keys would move.
"""

from functools import partial
from typing import Any

import aiokafka.admin.client
import aiokafka.client
from aiokafka.protocol.metadata import MetadataRequest

_ASKING: tuple[Any, ...] = (aiokafka.client, aiokafka.admin.client)
"""The modules of aiokafka that ask."""


def ask_without_creating() -> None:
    """Let no client of this process create a topic by asking for it."""
    for module in _ASKING:
        module.MetadataRequest = partial(
            MetadataRequest, allow_auto_topic_creation=False
        )
