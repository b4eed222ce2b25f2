"""A case that is withdrawn, or judged afresh after an appeal.

These come from other services, so nothing is refused: what cannot be followed is a
fact.
"""

from services.moderation.domain.commands import WantFreshReview, WithdrawCase
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    FreshReviewSetAside,
    FreshReviewWanted,
)
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Reassessing,
    Released,
    Withdrawn,
)
from shared.carrying import carry

SECOND_REVIEW = 2
"""Number of the first fresh review: the first review follows the submission."""


def withdraw(command: WithdrawCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the fact that this round goes no further; whatever was drawn stays."""
    if isinstance(state, Withdrawn):
        return ()
    return (carry(command, CaseWithdrawn, occurred_at=command.at),)


def want_fresh_review(command: WantFreshReview, state: Case) -> tuple[CaseEvent, ...]:
    """Return the wish for a review by somebody with no part; they are all named.

    Source: domain.md section 3 (upheld), section 1 (no part in any round).
    """
    if isinstance(state, Released) and command.appeal_id not in state.appeals:
        return (_wanted(command, state),)
    if command.appeal_id in _appeals(state):
        return ()
    return (carry(command, FreshReviewSetAside, occurred_at=command.at),)


def _appeals(state: Case) -> tuple[str, ...]:
    match state:
        case Released(appeals=appeals):
            return appeals
        case Reassessing() as again:
            return (again.wanted.appeal_id,)
        case Moderating(revises=Reassessing() as again):
            return (again.wanted.appeal_id,)
        case _:
            return ()


def _wanted(command: WantFreshReview, state: Released) -> FreshReviewWanted:
    everyone = (*state.last.took_part, *command.excluded)
    return carry(
        command,
        FreshReviewWanted,
        number=SECOND_REVIEW + len(state.appeals),
        excluded=tuple(dict.fromkeys(everyone)),
        occurred_at=command.at,
    )
