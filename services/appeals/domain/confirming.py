"""Whether a fact that a letter tells is still how things are. Pure."""

from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.conversation.events import ConversationBooked
from services.appeals.domain.conversation.evolve import Conversation, OnOffer
from services.appeals.domain.events import (
    Dismissed,
    ExplanationGiven,
    ExplanationRequested,
    Lodged,
    Upheld,
)
from services.appeals.domain.evolve import Appeal, Ended, NotOpened
from shared.decider import Fact


def is_true_of_appeal(told: Fact, state: Appeal) -> bool:
    """Tell whether a letter about an appeal may still be sent.

    What was asked, answered or decided stays so; after a withdrawal nothing is sent.
    """
    if not isinstance(
        told, ExplanationRequested | ExplanationGiven | Lodged | Upheld | Dismissed
    ):
        return False
    return not isinstance(state, NotOpened | Ended)


def waits(told: Fact, file: CaseFile) -> bool:
    """Tell whether a letter waits for the end of a hold: one that invites."""
    return file.is_on_hold and isinstance(told, ConversationBooked)


def is_true_of_conversation(told: Fact, state: Conversation) -> bool:
    """Tell whether a letter about a booking may still be sent: it is the last one."""
    return (
        isinstance(told, ConversationBooked)
        and isinstance(state, OnOffer)
        and state.booking == told
    )
