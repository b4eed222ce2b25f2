"""What operators see of parked lanes: names, places and numbers, never content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessage:
    """A message that waits in a lane. Names and places, never what it says."""

    event_id: UUID
    type: str | None
    topic: str
    partition: int
    offset: int
    problem: str
    """Why: see ``Problem``."""
    error: str | None
    """Name of the last error, where a handler failed."""
    tries: int
    parked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedLane:
    """A key of a consumer whose messages wait for a decision."""

    lane_id: str
    consumer: str
    key: str
    status: str
    """``parked``, or ``released``: decided, and about to be handled again."""
    parked_at: datetime
    waiting: int
    """How many messages wait."""
    head_event_id: UUID
    """The first of them; the one that has a problem."""
    problem: str
    error: str | None
    type: str | None
