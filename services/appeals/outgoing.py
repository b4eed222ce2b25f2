"""Which private facts of appeals become public, and as what. Pure."""

from functools import singledispatch

from services.appeals.domain import events
from services.appeals.domain.conversation import events as conversation
from shared.contracts import appeals as messages
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Nobody of the staff is named but where they are excluded from a review; panels,
    clocks and what others told stay here.
    """
    return _message(fact)


@singledispatch
def _message(_: Fact) -> Message | None:
    return None


@_message.register
def _offered(fact: conversation.ConversationOffered) -> Message:
    return messages.ConversationOffered(
        case_id=fact.case_id, participant_id=fact.participant_id, minutes=fact.minutes
    )


@_message.register
def _booked(fact: conversation.ConversationBooked) -> Message:
    return messages.ConversationBooked(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        sequence=fact.sequence,
        starts_at=fact.starts_at,
        minutes=fact.minutes,
    )


@_message.register
def _requested(fact: events.ExplanationRequested) -> Message:
    return messages.ExplanationRequested(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        due_on=fact.due_on,
    )


@_message.register
def _given(fact: events.ExplanationGiven) -> Message:
    return messages.ExplanationGiven(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        explanation=fact.explanation,
        appeal_by=fact.appeal_by,
    )


@_message.register
def _lodged(fact: events.Lodged) -> Message:
    return messages.Lodged(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        against=fact.against,
        grounds=fact.grounds,
        due_on=fact.due_on,
    )


@_message.register
def _upheld(fact: events.Upheld) -> Message:
    return messages.Upheld(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        reasons=fact.reasons,
        remedy=fact.remedy,
    )


@_message.register
def _dismissed(fact: events.Dismissed) -> Message:
    return messages.Dismissed(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        reasons=fact.reasons,
    )


@_message.register
def _fresh_review(fact: events.FreshReviewOrdered) -> Message:
    return messages.FreshReviewOrdered(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        appeal_id=fact.appeal_id,
        attempt=fact.attempt,
        excluded=fact.excluded,
        ordered_at=fact.occurred_at,
    )
