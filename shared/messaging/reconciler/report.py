"""What the reconciler found out about one consumer.

**Lost** counts public messages that the broker confirmed, of a type the consumer
handles, at or below its position, that are neither in its inbox nor parked (waiting,
handled later, or discarded by an operator).

**Duplicated** and **out of order** count effects, not deliveries. The effect of a
message at a consumer is the run of facts that stand side by side in the log and name
the message as their cause: one unit of work. Each further run with the same cause is
one duplicated effect. An effect is out of order when an effect that stands before it
has a later message of the same source and key as its cause.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The state of one consumer. All counts are since the beginning of the log."""

    consumer: str
    lost: int
    duplicated: int
    out_of_order: int
    lag: int
    """Positions of its sources, together, that are published and not yet settled."""
    parked: int
    """Messages that wait in lanes."""
    parked_age_seconds: float
    """Age of the oldest of them; 0 when none waits."""
    examples: tuple[UUID, ...] = ()
    """Ids of at most ten lost messages."""

    @property
    def sound(self) -> bool:
        """True when nothing is lost, duplicated or out of order."""
        return not (self.lost or self.duplicated or self.out_of_order)
