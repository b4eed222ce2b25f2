"""A conflict that comes to light when somebody holds a review, or has judged it.

A reviewer may declare it late, state another employer, or become a mentor. Before the
release the judgement is set aside: it stays a fact, and somebody else judges. After it
only what was declared is told, and to the lead: whom somebody came to work for later
cannot have moved their judgement. Source: domain.md section 1, "checked again".

Invariant: what comes to light is never refused; what no longer applies leads to
nothing. What follows after the release the lead decides, once.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from services.review.domain.allocation.keeping import refuse_own_case
from services.review.domain.commands import DecideConflict, FindConflict
from services.review.domain.events import Completed, Requested
from services.review.domain.independence import (
    DeclaredConflictError,
    OwnMenteeError,
    OwnOrganisationError,
    bond_of,
)
from services.review.domain.late import (
    ConflictDecided,
    ConflictFound,
    JudgementSetAside,
    WhichConflict,
)
from services.review.domain.overriding import OwnConflictError
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import (
    Claim,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from services.review.domain.turns import ClaimEnded
from shared.carrying import carry
from shared.errors import NotFoundError, RuleViolatedError

_WHICH: Mapping[type[RuleViolatedError], WhichConflict] = {
    DeclaredConflictError: "declared",
    OwnOrganisationError: "organisation",
    OwnMenteeError: "mentor",
}


class NoConflictToldError(NotFoundError):
    """No conflict in this review waits for a decision."""


class ConflictDecidedError(RuleViolatedError):
    """What follows from this conflict is decided already."""


def find(
    command: FindConflict, state: Review
) -> tuple[ClaimEnded | JudgementSetAside | ConflictFound, ...]:
    """Return what follows from a conflict of who holds the review or has judged it."""
    me = command.reviewer_id
    match state:
        case Waiting(claim=Claim(reviewer_id=holder) as held) if holder == me:
            return _while_held(command, state, held)
        case Judged(judgement=Completed(reviewer_id=judge)) if judge == me:
            return _when_judged(command, state)
        case _:
            return ()


def settle(command: DecideConflict, state: Review) -> tuple[ConflictDecided, ...]:
    """Return what follows from a conflict; empty when exactly that was decided.

    Raises:
        OwnCaseError: the lead is the participant.
        NoConflictToldError: nothing of this review waits for a decision.
        OwnConflictError: it is the lead's own.
        ConflictDecidedError: something else was decided.
    """
    if not isinstance(state, NotRequested):
        refuse_own_case(command.by, state.requested)
    if not isinstance(state, Judged) or not state.is_conflict_told:
        raise NoConflictToldError
    if command.by == state.judgement.reviewer_id:
        raise OwnConflictError
    if state.conflict_decision is not None:
        if state.conflict_decision == command.decision:
            return ()
        raise ConflictDecidedError(decision=state.conflict_decision)
    decided = carry(
        command,
        ConflictDecided,
        review_id=state.requested.review_id,
        case_id=state.requested.case_id,
        attempt=state.requested.attempt,
        decided_by=command.by,
        occurred_at=command.at,
    )
    return (decided,)


def _while_held(
    command: FindConflict, state: Waiting, held: Claim
) -> tuple[ClaimEnded | ConflictFound, ...]:
    """Return the end of the claim; the lead is told if something was written."""
    which = _which(command, state.request)
    if which is None:
        return ()
    ended = carry(held, ClaimEnded, because="conflict", occurred_at=command.at)
    draft = state.draft_of(held.reviewer_id)
    if not draft.judgements and draft.feedback is None:
        return (ended,)
    return (ended, _found(command, state.request, which, "claimed"))


def _when_judged(
    command: FindConflict, state: Judged
) -> tuple[JudgementSetAside | ConflictFound, ...]:
    about = state.requested
    is_released = about.review_id in command.assessment.released
    which = _which(_at_the_hand_in(command) if is_released else command, about)
    if which is None:
        return ()
    if is_released:
        if which != "declared" or state.is_conflict_told:
            return ()
        return (_found(command, about, which, "released"),)
    aside = carry(
        state.judgement,
        JudgementSetAside,
        because=which,
        due_at=about.due_at,
        occurred_at=command.at,
    )
    return (aside, _found(command, about, which, "judged"))


def _at_the_hand_in(command: FindConflict) -> FindConflict:
    """Leave out whom the participant works for since: it cannot have moved anybody."""
    return replace(command, assessment=command.assessment.employed(None))


def _found(
    command: FindConflict, about: Requested, which: WhichConflict, when: "_When"
) -> ConflictFound:
    return carry(
        about,
        ConflictFound,
        reviewer_id=command.reviewer_id,
        because=which,
        when=when,
        occurred_at=command.at,
    )


def _which(command: FindConflict, about: Requested) -> WhichConflict | None:
    judge = command.reviewer
    if not isinstance(judge, Registered):
        return None
    bond = bond_of(about, judge, command.assessment)
    return None if bond is None else _WHICH.get(bond)


_When: TypeAlias = Literal["claimed", "judged", "released"]
