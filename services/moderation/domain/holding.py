"""Holding a case: one moderator at a time, by a token that later writes carry.

The token is an opaque id, not a counter: a number would tell a moderator whether
somebody held the case before, that is, whether this is the second opinion.
"""

from datetime import datetime
from uuid import UUID

from services.moderation.domain.commands import Colleague, HandBackCase, TakeCase
from services.moderation.domain.events import (
    CaseEvent,
    HandedBack,
    TakeExtended,
    TakeLapsed,
    Taken,
)
from services.moderation.domain.independence import require_moderator
from services.moderation.domain.refusals import (
    CaseWithdrawnError,
    HeldByAnotherError,
    JudgementRecalledError,
    LeaseLapsedError,
    NotOpenError,
    RecallPossibleError,
    TokenMissingError,
    TokenOfAnotherError,
    TokenStaleError,
)
from services.moderation.domain.situations import Case, Hold, Moderating, Withdrawn
from shared.carrying import carry


def waiting_for_a_moderator(state: Case) -> Moderating:
    """Return the case if it can be judged blind.

    Raises:
        NotOpenError: it was not drawn, or its blind judgements are done.
        CaseWithdrawnError: the participant has withdrawn.
        JudgementRecalledError: the reviewer is judging it again.
    """
    if isinstance(state, Withdrawn):
        raise CaseWithdrawnError
    if not isinstance(state, Moderating) or state.stage in {"lead", "returned"}:
        raise NotOpenError
    if state.is_recalled:
        raise JudgementRecalledError
    return state


def take(command: TakeCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts of taking the case, or of holding it longer.

    Raises:
        RecallPossibleError: a fresh review, which is told as soon as it is settled.
    """
    moderating = waiting_for_a_moderator(state)
    require_moderator(command.by, moderating)
    until = moderating.recallable_until
    if moderating.revises is not None and until is not None and command.at <= until:
        raise RecallPossibleError(until=until.isoformat())
    hold = moderating.hold
    if hold is None:
        return (_taken(command),)
    if hold.expires_at <= command.at:
        return (_lapsed(hold, command.at), _taken(command))
    if hold.moderator_id != command.by.person_id:
        raise HeldByAnotherError
    if hold.expires_at >= command.expires_at:
        return ()
    extended = TakeExtended(
        token=hold.token, expires_at=command.expires_at, occurred_at=command.at
    )
    return (extended,)


def hand_back(command: HandBackCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the fact of handing the case back."""
    moderating = waiting_for_a_moderator(state)
    require_token(moderating.hold, command.token, command.by, command.at)
    return (
        HandedBack(
            moderator_id=command.by.person_id,
            token=_given(command.token),
            occurred_at=command.at,
        ),
    )


def holds_now(hold: Hold | None, person_id: str, at: datetime) -> bool:
    """Tell whether this person holds the case at this time."""
    return hold is not None and hold.moderator_id == person_id and hold.expires_at > at


def require_token(
    hold: Hold | None, token: UUID | None, by: Colleague, at: datetime
) -> None:
    """Return if *by* holds the case by this very token, at this time.

    Raises:
        TokenMissingError, TokenOfAnotherError, TokenStaleError, LeaseLapsedError.
    """
    if token is None:
        raise TokenMissingError
    if hold is None or hold.token != token:
        raise TokenStaleError
    if hold.moderator_id != by.person_id:
        raise TokenOfAnotherError
    if hold.expires_at <= at:
        raise LeaseLapsedError


def _given(token: UUID | None) -> UUID:
    if token is None:
        raise TokenMissingError
    return token


def _taken(command: TakeCase) -> Taken:
    return Taken(
        moderator_id=command.by.person_id,
        token=command.token,
        expires_at=command.expires_at,
        occurred_at=command.at,
    )


def _lapsed(hold: Hold, at: datetime) -> TakeLapsed:
    return carry(hold, TakeLapsed, occurred_at=at)
