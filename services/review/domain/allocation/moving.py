"""From one reviewer to another: handed over by its holder, or taken by the office.

Invariant: whoever had the review keeps what they wrote, and nobody else ever sees it;
whoever gets it is independent. Source: moderation.md, "Reviewing".
"""

from services.review.domain.allocation.commands import (
    HandOverReview,
    ReferReview,
    TakeOverReview,
)
from services.review.domain.allocation.keeping import (
    refuse_for_them_alone,
    refuse_own_case,
)
from services.review.domain.claims import (
    ReturnedToItsReviewerError,
    allocation,
    claim_of,
    has_lapsed,
)
from services.review.domain.independence import refuse_dependence
from services.review.domain.situations import Waiting
from services.review.domain.turns import (
    Allocated,
    HandedOver,
    Referred,
    Reserved,
    TakenOver,
)
from shared.errors import RuleViolatedError


class AlreadyTheirsError(RuleViolatedError):
    """This review is that reviewer's already: name somebody else."""


class NobodysReviewError(RuleViolatedError):
    """Nobody has this review: allocate it instead."""


def hand_over(
    command: HandOverReview, state: Waiting
) -> tuple[HandedOver | Reserved | Allocated, ...]:
    """Return the facts of giving a held review to a colleague.

    Raises:
        AlreadyTheirsError: the holder names themself.
        ReturnedToItsReviewerError: moderation asked its holder to judge it again.
        ToQualifyError: its holder qualifies by it.
        The errors of `claim_of`, and of `refuse_dependence` for the colleague.
    """
    held = claim_of(command.by, state, command.at)
    if command.to_id == held.reviewer_id:
        raise AlreadyTheirsError
    back = state.returned
    if back is not None and back.reviewer_id == held.reviewer_id == state.kept_for:
        raise ReturnedToItsReviewerError
    refuse_for_them_alone(state, command.to_id)
    refuse_dependence(state.request, command.to, command.by.assessment)
    handed = HandedOver(
        reviewer_id=held.reviewer_id,
        token=held.token,
        to_id=command.to_id,
        reason=command.reason,
        occurred_at=command.at,
    )
    reserved = Reserved(reviewer_id=command.to_id, occurred_at=command.at)
    return (handed, reserved, allocation(state, command.to_id, command.at))


def refer(command: ReferReview, state: Waiting) -> tuple[Referred, ...]:
    """Return the facts of asking the lead who is to judge it.

    Raises:
        ToQualifyError: its holder qualifies by it.
        The errors of `claim_of`.
    """
    held = claim_of(command.by, state, command.at)
    refuse_for_them_alone(state, None)
    return (
        Referred(
            reviewer_id=held.reviewer_id,
            token=held.token,
            note=command.note,
            occurred_at=command.at,
        ),
    )


def take_over(
    command: TakeOverReview, state: Waiting
) -> tuple[TakenOver | Reserved | Allocated, ...]:
    """Return the facts of taking a review from who has it.

    Raises:
        OwnCaseError: the participant takes it.
        NobodysReviewError: nobody holds it, and it is kept for nobody.
        AlreadyTheirsError: it would go to who has it.
        ToQualifyError: somebody else would get what its reviewer qualifies by.
        The errors of `refuse_dependence` for who gets it.
    """
    refuse_own_case(command.by, state.request)
    owner_id = owner_of(command, state)
    if owner_id is None:
        raise NobodysReviewError(review_id=state.request.review_id)
    if command.to is None:
        return (_taken(command, owner_id, None),)
    to_id, to = command.to
    if to_id == owner_id:
        raise AlreadyTheirsError
    refuse_for_them_alone(state, to_id)
    refuse_dependence(state.request, to, command.assessment)
    return (
        _taken(command, owner_id, to_id),
        Reserved(reviewer_id=to_id, occurred_at=command.at),
        allocation(state, to_id, command.at),
    )


def owner_of(command: TakeOverReview, state: Waiting) -> str | None:
    """Return who holds the review now, or whom it is kept for."""
    held = state.claim
    if held is not None and not has_lapsed(held, command.at):
        return held.reviewer_id
    return state.kept_for


def _taken(command: TakeOverReview, owner_id: str, to_id: str | None) -> TakenOver:
    return TakenOver(
        reviewer_id=owner_id,
        by_role=command.by_role,
        to_id=to_id,
        reason=command.reason,
        occurred_at=command.at,
    )
