"""How facts add up to the state of a conversation."""

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from pydantic import AwareDatetime

from services.appeals.domain.conversation.events import (
    ConversationBooked,
    ConversationCancelled,
    ConversationEvent,
    ConversationHeld,
    ConversationOffered,
    ConversationTimesOffered,
)


@dataclass(frozen=True, slots=True)
class NotOffered:
    """There was no CNM."""


@dataclass(frozen=True, slots=True)
class OnOffer:
    """It can be booked, or is booked and can be moved."""

    offer: ConversationOffered
    times: tuple[AwareDatetime, ...] = ()
    booking: ConversationBooked | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """It took place, or never will."""

    before: OnOffer
    was_held: bool


Conversation: TypeAlias = NotOffered | OnOffer | Over

INITIAL: Conversation = NotOffered()


def evolve(state: Conversation, event: ConversationEvent) -> Conversation:
    """Return *state* as it is after *event*."""
    if isinstance(event, ConversationOffered):
        return OnOffer(event)
    if not isinstance(state, OnOffer):
        return state  # decide never lets this happen; a fold must not fail
    match event:
        case ConversationTimesOffered():
            return replace(state, times=event.times)
        case ConversationBooked():
            return replace(state, booking=event)
        case ConversationHeld():
            return Over(state, was_held=True)
        case ConversationCancelled():
            return Over(state, was_held=False)
        case _:
            assert_never(event)
