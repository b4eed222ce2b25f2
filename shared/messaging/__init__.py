"""Public messages between services: relay, consumers, parked lanes, reconciler.

Invariant: every fact that is public reaches every service that handles it, has its
effect there exactly once, and in the order of its key. ``service`` says why.
"""

from shared.messaging.asking import ask_without_creating
from shared.messaging.contracts import OWNERS, PUBLISHED, Contracts
from shared.messaging.declarations import Consumer, Handler, Publisher
from shared.messaging.errors import MessagingError, UnsafeMessagingError
from shared.messaging.parking.desk import ParkedLanes
from shared.messaging.parking.values import ParkedLane, ParkedMessage
from shared.messaging.reconciler import Reconciler, Reconciliation
from shared.messaging.service import Messaging, MessagingHealth
from shared.messaging.settings import MessagingSettings
from shared.messaging.topics import (
    PARTITIONS,
    check_topics,
    create_topics,
    topic_of,
    wait_for_groups,
)

__all__ = [
    "OWNERS",
    "PARTITIONS",
    "PUBLISHED",
    "Consumer",
    "Contracts",
    "Handler",
    "Messaging",
    "MessagingError",
    "MessagingHealth",
    "MessagingSettings",
    "ParkedLane",
    "ParkedLanes",
    "ParkedMessage",
    "Publisher",
    "Reconciler",
    "Reconciliation",
    "UnsafeMessagingError",
    "check_topics",
    "create_topics",
    "topic_of",
    "wait_for_groups",
]

ask_without_creating()
