"""The rules of a conversation: offered after a CNM, at times that staff offer."""

from typing import assert_never

from services.appeals.domain.conversation.commands import (
    BookConversation,
    CancelConversation,
    ConversationCommand,
    OfferConversation,
    OfferTimes,
    RecordConversation,
)
from services.appeals.domain.conversation.events import (
    ConversationBooked,
    ConversationCancelled,
    ConversationEvent,
    ConversationHeld,
    ConversationOffered,
    ConversationTimesOffered,
)
from services.appeals.domain.conversation.evolve import (
    INITIAL,
    Conversation,
    NotOffered,
    OnOffer,
    Over,
    evolve,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError


class UnknownConversationError(NotFoundError):
    """There is no such conversation, or it is not for this reader."""


class ConversationOverError(RuleViolatedError):
    """The conversation took place already, or was cancelled."""


class TimeNotOfferedError(RuleViolatedError):
    """This time is not offered: choose one of those that are."""


class CaseOnHoldError(RuleViolatedError):
    """This case is on hold: it goes on where it stopped when the hold is lifted."""


class TimePastError(RuleViolatedError):
    """This time is past: choose a later one."""


class NotYetHeldError(RuleViolatedError):
    """The conversation is not booked, or has not begun yet."""


def decide(
    command: ConversationCommand, state: Conversation
) -> tuple[ConversationEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        UnknownConversationError: there was no CNM, or it is somebody else's.
        ConversationOverError: it took place or was cancelled.
        CaseOnHoldError: nothing is offered or booked until the hold is lifted.
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case OfferConversation():
            return _offer(command, state)
        case CancelConversation():
            return _cancel(command, state)
        case OfferTimes():
            return _offer_times(command, _on_offer(state))
        case BookConversation():
            return _book(command, _on_offer(state))
        case RecordConversation():
            if isinstance(state, Over) and state.was_held:
                return ()
            return _record(command, _on_offer(state))
        case _:
            assert_never(command)


def _on_offer(state: Conversation) -> OnOffer:
    match state:
        case OnOffer():
            return state
        case NotOffered():
            raise UnknownConversationError
        case Over():
            raise ConversationOverError
        case _:
            assert_never(state)


def _offer(
    command: OfferConversation, state: Conversation
) -> tuple[ConversationEvent, ...]:
    if not isinstance(state, NotOffered):
        return ()
    return (carry(command, ConversationOffered, occurred_at=command.at),)


def _cancel(
    command: CancelConversation, state: Conversation
) -> tuple[ConversationEvent, ...]:
    if not isinstance(state, OnOffer):
        return ()
    offer = state.offer
    return (
        ConversationCancelled(
            case_id=offer.case_id, attempt=offer.attempt, occurred_at=command.at
        ),
    )


def _offer_times(command: OfferTimes, state: OnOffer) -> tuple[ConversationEvent, ...]:
    times = tuple(sorted(set(command.times)))
    if times == state.times:
        return ()
    if command.is_on_hold:
        raise CaseOnHoldError
    if any(each <= command.at for each in times):
        raise TimePastError
    return (
        ConversationTimesOffered(
            case_id=state.offer.case_id,
            attempt=state.offer.attempt,
            times=times,
            by=command.by,
            occurred_at=command.at,
        ),
    )


def _book(command: BookConversation, state: OnOffer) -> tuple[ConversationEvent, ...]:
    offer, booked = state.offer, state.booking
    if command.by != offer.participant_id:
        raise UnknownConversationError
    if booked is not None and booked.starts_at == command.starts_at:
        return ()
    if command.is_on_hold:
        raise CaseOnHoldError
    if command.starts_at not in state.times:
        raise TimeNotOfferedError(times=[each.isoformat() for each in state.times])
    if command.starts_at <= command.at:
        raise TimePastError
    return (
        ConversationBooked(
            case_id=offer.case_id,
            attempt=offer.attempt,
            participant_id=offer.participant_id,
            sequence=0 if booked is None else booked.sequence + 1,
            starts_at=command.starts_at,
            minutes=offer.minutes,
            occurred_at=command.at,
        ),
    )


def _record(
    command: RecordConversation, state: OnOffer
) -> tuple[ConversationEvent, ...]:
    if state.booking is None or command.at < state.booking.starts_at:
        raise NotYetHeldError
    return (
        ConversationHeld(
            case_id=state.offer.case_id,
            attempt=state.offer.attempt,
            by=command.by,
            occurred_at=command.at,
        ),
    )


conversation = Decider(category="appeal", decide=decide, evolve=evolve, initial=INITIAL)
