"""The numbers messaging works with, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingSettings:
    """How one service talks to the broker. Frozen; units are in the names."""

    service: str
    bootstrap_servers: str
    """Comma-separated ``host:port``."""
    fetch_max_wait_ms: int = 500
    """Longest a broker holds a fetch. 10 suits the embedded broker, which answers
    only after the full time (architecture.md, "Embedded default")."""
    broker_holds_fetches: bool = True
    """False for the embedded broker: fetches are held here instead, and relays tell
    when they have published. Must be the same in all services."""
    idempotent_producer: bool = True
    """False for the embedded broker, which has none. Nothing here rests on it: it
    only spares consumers some duplicates."""
    create_topics: bool = False
    """True for the embedded broker; else topics come from ``deploy/topics.yaml``."""
    replication_factor: int = 1
    """Used only when topics are created here."""
    group_instance_id: str | None = None
    """Stable name of this process: a restart then needs no rebalance (KIP-345)."""
    session_timeout_ms: int = 30_000
    """A member silent for longer is dead. aiokafka's 10 s is too short for a busy
    event loop; Java's client has 45 s. The embedded broker lets a new member wait for
    half of it, so there it is 6 s."""
    keys_at_once: int = 32
    """Keys of one batch handled concurrently; each needs a turn of the committer."""
    batch_records: int = 500
    """Most records settled together: the committer takes 512 appends in one call."""
    poll_pause_ms: int = 5
    """FastStream waits this long for records and, when there are none, sleeps as long
    again; its default of 200 would be added to every quiet message."""
    lease_seconds: float = 5.0
    """How long a relay may be silent before another takes over."""
    check_seconds: float = 5.0
    """How often the relay looks whether the broker still holds what it confirmed.
    Source: architecture.md, "Losing all of Kafka loses nothing"."""
    request_timeout_ms: int = 10_000
    """A send unconfirmed for longer counts as failed."""
    metadata_max_age_ms: int = 5_000
    """How soon a topic that was created again is noticed; aiokafka's 5 minutes would
    stop a consumer for as long after a loss of the broker's data."""
    gather_seconds: float = 0.0
    """How long the messages of a burst may gather before they are settled together."""
    drain_seconds: float = 20.0
    """How long a rebalance waits for work in flight before it is given up."""
