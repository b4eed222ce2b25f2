"""How facts add up to a notice."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from services.notification.domain.events import (
    About,
    Announcement,
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


@dataclass(frozen=True, slots=True)
class Unrequested:
    """Nobody wants this letter."""


@dataclass(frozen=True, slots=True)
class Pending:
    """On its way: to be confirmed, rendered, handed over."""

    about: About
    announcement: Announcement
    next_try_at: datetime
    rendered: Rendered | None = None
    holds: int = 0
    tries: int = 0
    is_uncertain: bool = False
    """True when a try may have succeeded without our knowing."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail server has it."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It would not have been true."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The tries are over."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail server had it, and it came back."""

    pending: Pending
    code: str


Notice: TypeAlias = (
    Unrequested | Pending | Delivered | Withdrawn | Undelivered | Returned
)

INITIAL: Notice = Unrequested()


def evolve(state: Notice, event: NoticeFact) -> Notice:
    """Return *state* as it is after *event*."""
    if isinstance(event, Requested):
        return Pending(event.about, event.announcement, event.occurred_at)
    if isinstance(state, Unrequested):
        return state  # decide never lets this happen; a fold must not fail
    pending = state if isinstance(state, Pending) else state.pending
    match event:
        case Held() | Rendered() | Deferred() | Uncertain() | RetryOrdered():
            return _pending(pending, event)
        case HandedOver() | Cancelled() | Failed() | Bounced():
            return _ended(pending, event)
        case _:
            assert_never(event)


def _ended(
    state: Pending, event: HandedOver | Cancelled | Failed | Bounced
) -> Delivered | Withdrawn | Undelivered | Returned:
    match event:
        case HandedOver(tries=tries):
            return Delivered(replace(state, tries=tries, is_uncertain=False))
        case Cancelled():
            return Withdrawn(state)
        case Failed(tries=tries):
            return Undelivered(replace(state, tries=tries))
        case Bounced(code=code):
            return Returned(state, code)
        case _:
            assert_never(event)


def _pending(
    state: Pending, event: Held | Rendered | Deferred | Uncertain | RetryOrdered
) -> Pending:
    match event:
        case Held(holds=holds, next_try_at=next_try_at):
            return replace(state, holds=holds, next_try_at=next_try_at)
        case Rendered():
            return replace(state, rendered=event, holds=0)
        case Deferred(tries=tries, next_try_at=next_try_at):
            return replace(state, tries=tries, holds=0, next_try_at=next_try_at)
        case Uncertain(tries=tries, next_try_at=next_try_at):
            tried = replace(state, tries=tries, holds=0, next_try_at=next_try_at)
            return replace(tried, is_uncertain=True)
        case RetryOrdered(occurred_at=at):
            return replace(state, tries=0, holds=0, next_try_at=at)
        case _:
            assert_never(event)
