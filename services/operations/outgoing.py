"""Which private facts of the desk become public, and as what. Pure."""

from services.operations.domain.events import HoldLifted, HoldPlaced
from shared.carrying import carry
from shared.contracts import operations as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    That a case is held leaves, why and by whom does not.
    """
    match fact:
        case HoldPlaced():
            return carry(fact, public.HoldPlaced, placed_at=fact.occurred_at)
        case HoldLifted():
            return carry(fact, public.HoldLifted, lifted_at=fact.occurred_at)
        case _:
            return None
