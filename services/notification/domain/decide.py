"""The rules of a notice: true when sent, one letter, the same bytes at every try."""

from typing import Any, assert_never

from services.notification.domain.backoff import next_try_at
from services.notification.domain.commands import (
    CancelNotice,
    HoldNotice,
    KeepRendering,
    NoticeCommand,
    OrderRetry,
    RecordBounce,
    RecordHandOver,
    RecordRefusal,
    RecordUncertainty,
    RequestNotice,
)
from services.notification.domain.events import (
    Bounced,
    Cancelled,
    Deferred,
    Failed,
    HandedOver,
    Held,
    NoticeFact,
    Rendered,
    Requested,
    RetryOrdered,
    Uncertain,
)
from services.notification.domain.evolve import (
    INITIAL,
    Delivered,
    Notice,
    Pending,
    Returned,
    Undelivered,
    Unrequested,
    evolve,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import RuleViolatedError


class NoticeUnknownError(RuleViolatedError):
    """Nobody asked for this letter."""


class NotPendingError(RuleViolatedError):
    """This letter is not on its way any more."""


class NotRenderedError(RuleViolatedError):
    """A letter is handed over only after its bytes are recorded."""


class NotFailedError(RuleViolatedError):
    """Only a letter that failed or came back can be tried again."""


class NotDeliveredError(RuleViolatedError):
    """Only a letter that was handed over to a mail server can come back."""


def decide(command: NoticeCommand, state: Notice) -> tuple[NoticeFact, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NoticeUnknownError, NotPendingError, NotRenderedError, NotFailedError,
        NotDeliveredError.
    """
    if isinstance(command, RequestNotice):
        return _request(command, state)
    if isinstance(state, Unrequested):
        raise NoticeUnknownError
    match command:
        case RecordHandOver():
            return _hand_over(command, state)
        case RecordBounce():
            return _bounce(command, state)
        case OrderRetry():
            return _order_retry(command, state)
        case HoldNotice() | CancelNotice() | KeepRendering():
            return _prepare(command, _pending(state))
        case RecordRefusal() | RecordUncertainty():
            return _try_again(command, _pending(state))
        case _:
            assert_never(command)


def _request(command: RequestNotice, state: Notice) -> tuple[NoticeFact, ...]:
    if not isinstance(state, Unrequested):
        return ()
    return (carry(command, Requested, occurred_at=command.at),)


def _pending(state: Notice) -> Pending:
    if not isinstance(state, Pending):
        raise NotPendingError
    return state


def _prepare(
    command: HoldNotice | CancelNotice | KeepRendering, state: Pending
) -> tuple[NoticeFact, ...]:
    about, at = state.about, command.at
    match command:
        case HoldNotice(reason=reason, patience=patience):
            holds = state.holds + 1
            when = next_try_at(
                at, notice_id=about.notice_id, number=holds, patience=patience
            )
            held = Held(
                about=about,
                reason=reason,
                holds=holds,
                next_try_at=when,
                occurred_at=at,
            )
            return (held,)
        case CancelNotice(reason=reason):
            return (Cancelled(about=about, reason=reason, occurred_at=at),)
        case KeepRendering():
            return () if state.rendered else (_rendered(command, state),)
        case _:
            assert_never(command)


def _rendered(command: KeepRendering, state: Pending) -> Rendered:
    return carry(command, Rendered, about=state.about, occurred_at=command.at)


def _hand_over(command: RecordHandOver, state: Notice) -> tuple[NoticeFact, ...]:
    if isinstance(state, Delivered | Returned):
        return ()
    if isinstance(state, Unrequested):
        raise NoticeUnknownError
    pending = state if isinstance(state, Pending) else state.pending
    if pending.rendered is None:
        raise NotRenderedError
    return (
        HandedOver(
            about=pending.about,
            tries=pending.tries + 1,
            message_id=pending.rendered.message_id,
            occurred_at=command.at,
        ),
    )


def _try_again(
    command: RecordRefusal | RecordUncertainty, state: Pending
) -> tuple[NoticeFact, ...]:
    tries = state.tries + 1
    told: dict[str, Any] = {
        "about": state.about,
        "tries": tries,
        "occurred_at": command.at,
    }
    when = next_try_at(
        command.at,
        notice_id=state.about.notice_id,
        number=tries,
        patience=command.patience,
    )
    is_last = tries >= command.patience.tries
    match command:
        case RecordRefusal(reason=reason, is_permanent=is_permanent):
            if is_permanent or is_last:
                return (Failed(reason=reason, **told),)
            return (Deferred(reason=reason, next_try_at=when, **told),)
        case RecordUncertainty():
            if state.rendered is None:
                raise NotRenderedError
            if is_last:
                return (Failed(reason="uncertain", **told),)
            return (Uncertain(next_try_at=when, **told),)
        case _:
            assert_never(command)


def _bounce(command: RecordBounce, state: Notice) -> tuple[NoticeFact, ...]:
    match state:
        case Delivered(pending=pending):
            about, at = pending.about, command.at
            return (carry(command, Bounced, about=about, occurred_at=at),)
        case Returned(code=code) if code == command.code:
            return ()
        case _:
            raise NotDeliveredError


def _order_retry(command: OrderRetry, state: Notice) -> tuple[NoticeFact, ...]:
    match state:
        case Undelivered(pending=pending) | Returned(pending=pending):
            ordered = RetryOrdered(
                about=pending.about, ordered_by=command.by, occurred_at=command.at
            )
            return (ordered,)
        case Pending(tries=0):
            return ()
        case _:
            raise NotFailedError


notice = Decider(category="notice", decide=decide, evolve=evolve, initial=INITIAL)
