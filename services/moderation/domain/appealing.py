"""A case that is withdrawn, or judged afresh after an appeal.

These come from other services, so nothing is refused: what cannot be followed is a
fact.
"""

from dataclasses import replace

from services.moderation.domain.commands import WantFreshReview, WithdrawCase
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    FreshReviewPostponed,
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

    While one runs for a conflict, an appeal waits until the outcome of that is told.
    Source: domain.md section 3 (upheld), section 1 (no part in any round).
    """
    if isinstance(state, Released) and command.appeal_id not in state.appeals:
        return (_wanted(command, state),)
    if command.appeal_id in _appeals(state):
        return ()
    running = _running(state)
    is_for_conflict = running is not None and running.wanted.because == "conflict"
    if is_for_conflict and command.because == "appeal":
        return (carry(command, FreshReviewPostponed, occurred_at=command.at),)
    return (carry(command, FreshReviewSetAside, occurred_at=command.at),)


def postponed_case(state: Case, event: FreshReviewPostponed) -> Case:
    """Return the case with an appeal that waits for the review that runs."""
    running = _running(state)
    if running is None:
        return state  # decide never lets this happen; a fold must not fail
    after = replace(running, postponed=(*running.postponed, event))
    return replace(state, revises=after) if isinstance(state, Moderating) else after


def _running(state: Case) -> Reassessing | None:
    match state:
        case Reassessing() | Moderating(revises=Reassessing()):
            return state if isinstance(state, Reassessing) else state.revises
        case _:
            return None


def _appeals(state: Case) -> tuple[str, ...]:
    if isinstance(state, Released):
        return state.appeals
    running = _running(state)
    if running is None:
        return ()
    later = (each.appeal_id for each in running.postponed)
    return (running.wanted.appeal_id, *later)


def _wanted(command: WantFreshReview, state: Released) -> FreshReviewWanted:
    everyone = (*state.last.took_part, *command.excluded)
    return carry(
        command,
        FreshReviewWanted,
        number=SECOND_REVIEW + len(state.appeals),
        excluded=tuple(dict.fromkeys(everyone)),
        occurred_at=command.at,
    )
