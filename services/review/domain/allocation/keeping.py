"""Keeping a review for one reviewer, and letting go of it.

Invariant: a review is kept for at most one reviewer, who was independent when it was
given to them; as soon as they are not, it counts as free. Source: moderation.md,
"Reviewing".
"""

from services.review.domain.allocation.commands import (
    AllocateReview,
    FreeAllocation,
    WithdrawAllocation,
)
from services.review.domain.claims import (
    HeldBySomebodyElseError,
    allocation,
    has_lapsed,
)
from services.review.domain.events import Requested
from services.review.domain.independence import is_independent, refuse_dependence
from services.review.domain.situations import Waiting
from services.review.domain.turns import Allocated, AllocationWithdrawn, Reserved
from shared.errors import ForbiddenError, RuleViolatedError


class OwnCaseError(ForbiddenError):
    """Nobody of the office acts on a case of their own: ask a colleague."""


class AllocatedAlreadyError(RuleViolatedError):
    """This review was given to another reviewer: withdraw that first."""


class ToQualifyError(RuleViolatedError):
    """Its reviewer qualifies by this review: nobody else judges it instead."""


class HeldAllocationError(RuleViolatedError):
    """Its reviewer is at work on it: withdraw it once they have given it back."""


def allocate(
    command: AllocateReview, state: Waiting
) -> tuple[Reserved | Allocated, ...]:
    """Return the facts of giving a review to somebody; empty when it is theirs.

    Raises:
        OwnCaseError: the participant allocates it.
        AllocatedAlreadyError: it is kept for somebody else.
        HeldBySomebodyElseError: somebody else is at work on it.
        ToQualifyError: another reviewer qualifies by it.
        NotAReviewerError and the errors of `refuse_dependence`.
    """
    refuse_own_case(command.by, state.request)
    if state.kept_for == command.reviewer_id:
        return ()
    if state.kept_for is not None:
        raise AllocatedAlreadyError(review_id=state.request.review_id)
    refuse_for_them_alone(state, command.reviewer_id)
    refuse_dependence(state.request, command.reviewer, command.assessment)
    held = state.claim
    is_held = held is not None and not has_lapsed(held, command.at)
    if held is not None and is_held and held.reviewer_id != command.reviewer_id:
        raise HeldBySomebodyElseError(until=held.lease_ends_at.isoformat())
    reserved = Reserved(reviewer_id=command.reviewer_id, occurred_at=command.at)
    return (reserved, allocation(state, command.reviewer_id, command.at))


def withdraw(
    command: WithdrawAllocation, state: Waiting
) -> tuple[AllocationWithdrawn, ...]:
    """Return the facts of letting anybody claim it; empty when anybody may.

    Raises:
        OwnCaseError: the participant withdraws it.
        HeldAllocationError: whom it was given to holds it now.
    """
    refuse_own_case(command.by, state.request)
    if state.kept_for is None:
        return ()
    held = state.claim
    if held is not None and not has_lapsed(held, command.at):
        raise HeldAllocationError(until=held.lease_ends_at.isoformat())
    return (
        AllocationWithdrawn(
            reviewer_id=state.kept_for, because="office", occurred_at=command.at
        ),
    )


def free(command: FreeAllocation, state: Waiting) -> tuple[AllocationWithdrawn, ...]:
    """Return the facts of a bond that was found late; empty when there is none."""
    if state.kept_for != command.reviewer_id:
        return ()
    if is_independent(state.request, command.reviewer, command.assessment):
        return ()
    return (
        AllocationWithdrawn(
            reviewer_id=command.reviewer_id,
            because="not_independent",
            occurred_at=command.at,
        ),
    )


def refuse_for_them_alone(state: Waiting, to_id: str | None) -> None:
    """Keep what somebody qualifies by for them: nobody else's judgement would count.

    Raises:
        ToQualifyError: it would go to *to_id*, or to whom the lead chooses.
    """
    about = state.request
    if about.although_paused and to_id != about.only_by:
        raise ToQualifyError


def refuse_own_case(person_id: str, about: Requested) -> None:
    """Accept somebody of the office who is not the participant.

    Raises:
        OwnCaseError: they are.
    """
    if person_id == about.participant_id:
        raise OwnCaseError
