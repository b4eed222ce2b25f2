"""Which private facts of notification become public, and as what. Pure."""

from services.notification.domain.events import Failed, HandedOver
from shared.carrying import carry
from shared.contracts import notification as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private."""
    match fact:
        case HandedOver():
            return carry(fact.about, public.HandedOver, handed_over_at=fact.occurred_at)
        case Failed():
            return carry(
                fact.about,
                public.Failed,
                reason=fact.reason,
                failed_at=fact.occurred_at,
            )
        case _:
            return None
