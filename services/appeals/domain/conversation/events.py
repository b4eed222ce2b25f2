"""What can happen to a conversation: stream ``appeal-{case}.c{attempt}``."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact
from shared.vocabulary import Attempt, CaseId, PersonId


class ConversationOffered(Fact):
    """A conversation about the feedback can be booked. Source: S0, S2 6.2.1."""

    type: Literal["appeals.ConversationOffered"] = "appeals.ConversationOffered"
    case_id: CaseId
    attempt: Attempt
    participant_id: PersonId
    minutes: Annotated[int, Field(gt=0)]


class ConversationTimesOffered(Fact):
    """Staff can be there at these times; they replace the times offered before."""

    type: Literal["appeals.ConversationTimesOffered"] = (
        "appeals.ConversationTimesOffered"
    )
    case_id: CaseId
    attempt: Attempt
    times: tuple[AwareDatetime, ...]
    by: PersonId


class ConversationBooked(Fact):
    """The participant chose one of the times."""

    type: Literal["appeals.ConversationBooked"] = "appeals.ConversationBooked"
    case_id: CaseId
    attempt: Attempt
    participant_id: PersonId
    sequence: Annotated[int, Field(ge=0)]
    """Counts up with every change. Source: RFC 5545, section 3.8.7.4."""
    starts_at: AwareDatetime
    minutes: Annotated[int, Field(gt=0)]


class ConversationHeld(Fact):
    """The conversation took place."""

    type: Literal["appeals.ConversationHeld"] = "appeals.ConversationHeld"
    case_id: CaseId
    attempt: Attempt
    by: PersonId


class ConversationCancelled(Fact):
    """There will be no conversation: the participant has withdrawn."""

    type: Literal["appeals.ConversationCancelled"] = "appeals.ConversationCancelled"
    case_id: CaseId
    attempt: Attempt


ConversationEvent: TypeAlias = (
    ConversationOffered
    | ConversationTimesOffered
    | ConversationBooked
    | ConversationHeld
    | ConversationCancelled
)
