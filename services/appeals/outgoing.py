"""Which private facts of appeals become public, and as what. Pure."""

from collections.abc import Mapping

from services.appeals.domain import events
from services.appeals.domain.conversation import events as conversation
from shared.carrying import carry
from shared.contracts import appeals as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent

_ALIKE: Mapping[type[Fact], type[Message]] = {
    conversation.ConversationOffered: public.ConversationOffered,
    conversation.ConversationBooked: public.ConversationBooked,
    events.ExplanationRequested: public.ExplanationRequested,
    events.ExplanationGiven: public.ExplanationGiven,
    events.Lodged: public.Lodged,
    events.HearingPanelAppointed: public.HearingPanelAppointed,
    events.Upheld: public.Upheld,
    events.Dismissed: public.Dismissed,
}
"""Facts whose message calls everything as they do."""


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Nobody of the staff is named but where they can have no other part in the case;
    clocks and what others told stay here.
    """
    if isinstance(fact, events.FreshReviewOrdered):
        return carry(fact, public.FreshReviewOrdered, ordered_at=fact.occurred_at)
    message = _ALIKE.get(type(fact))
    return carry(fact, message) if message else None
