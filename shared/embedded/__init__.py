"""PostgreSQL, a Kafka-protocol broker and a mailbox, from wheels, in one directory.

What `attest up` runs on when nothing else is configured: no Docker, no root, no
network. Each part can also be used alone.

Invariant: nothing started here outlives the process that started it.
"""

from shared.embedded.broker.process import BrokerProcess
from shared.embedded.mailbox.mailbox import Mailbox
from shared.embedded.mailbox.pages import mailbox_router
from shared.embedded.mailbox.reading import letters_router
from shared.embedded.postgres.passwords import RolePasswords
from shared.embedded.postgres.server import PostgresServer
from shared.embedded.running import Embedded, run_embedded
from shared.embedded.state import StateDirectory

__all__ = [
    "BrokerProcess",
    "Embedded",
    "Mailbox",
    "PostgresServer",
    "RolePasswords",
    "StateDirectory",
    "letters_router",
    "mailbox_router",
    "run_embedded",
]
