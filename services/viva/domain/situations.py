"""Reading the state of a case as one command needs it, or refusing."""

from typing import assert_never

from services.viva.domain.events import OutcomeHeard
from services.viva.domain.evolve import (
    INITIAL,
    Awarded,
    Case,
    Closed,
    Deciding,
    Failed,
    NotOffered,
    Waiting,
)
from services.viva.domain.refusals import (
    AlreadyDecidedError,
    AlreadyHeldError,
    CaseOnHoldError,
    NotOfferedError,
    OwnCaseError,
    UnknownVivaError,
)


def waiting(case: Case) -> Waiting:
    """Return the viva that is offered and not held yet.

    Raises:
        UnknownVivaError, NotOfferedError, AlreadyHeldError, AlreadyDecidedError.
    """
    situation = case.situation
    match situation:
        case Waiting():
            return situation
        case Deciding():
            raise AlreadyHeldError
        case NotOffered() | Failed() | Awarded() | Closed():
            refuse_end(case)
            raise NotOfferedError
        case _:
            assert_never(situation)


def refuse_end(case: Case) -> None:
    """Return if a result may still come.

    Raises:
        UnknownVivaError: nothing is known of the case.
        AlreadyDecidedError: the result is final.
    """
    if case == INITIAL:
        raise UnknownVivaError
    if isinstance(case.situation, Awarded | Failed):
        raise AlreadyDecidedError


def refuse_hold(case: Case) -> None:
    """Return if the case is not on hold.

    Raises:
        CaseOnHoldError: it is.
    """
    if case.known.is_on_hold:
        raise CaseOnHoldError


def refuse_own(case: Case, by: str) -> None:
    """Return if *by*, of the office, is not the participant.

    Raises:
        OwnCaseError: they are.
    """
    if case.known.outcome is not None and case.known.outcome.participant_id == by:
        raise OwnCaseError


def subject(case: Case) -> OutcomeHeard:
    """Return what moderation said last, which names participant and programme.

    Raises:
        UnknownVivaError: it has not spoken yet.
    """
    if case.known.outcome is None:
        raise UnknownVivaError
    return case.known.outcome


def panel_of(case: Case) -> tuple[str, ...]:
    """Return who is to hold the viva, or has held it; nobody while none is known."""
    situation = case.situation
    panel = situation.panel if isinstance(situation, Waiting | Deciding) else None
    return tuple(sorted(panel.members)) if panel else ()
