"""Which private facts of viva become public, and as what. Pure."""

from services.viva.domain.events import (
    AwardConferred,
    Booked,
    Moved,
    NotPassed,
    Offered,
)
from shared.carrying import carry
from shared.contracts import viva as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Panels, verdicts and notes stay here: others learn what came of them, and who must
    have no later part in the case.
    """
    match fact:
        case Offered():
            return carry(fact, public.Offered)
        case Booked():
            return carry(fact, public.Booked)
        case Moved():
            return carry(fact, public.Moved)
        case NotPassed():
            return carry(fact, public.NotPassed)
        case AwardConferred():
            return carry(fact, public.AwardConferred, conferred_at=fact.occurred_at)
        case _:
            return None
