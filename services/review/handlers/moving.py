"""A review goes from one reviewer to another, and who is told whose it is.

Invariant: nobody but the office and the lead learns who has a review; whoever it was
taken from learns that, and by which role.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.review.domain.allocation.commands import (
    HandOverReview,
    ReferReview,
    TakeOverReview,
)
from services.review.domain.allocation.keeping import refuse_own_case
from services.review.domain.claims import claim_of, has_lapsed
from services.review.domain.decide import UnknownReviewError, review, waiting
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.situations import (
    Ended,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from services.review.handlers.holding import (
    assessment_of,
    holder,
    reviewer_stream,
    step,
    stream,
    waiting_review,
)
from services.review.handlers.opening import NotHeldError, Opening
from services.review.handlers.sealing import Sealing
from services.review.handlers.words import Shown
from shared.errors import NotFoundError
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Who takes a review, in which role, for whom, and why."""

    review_id: str
    by: str
    by_role: Literal["operations", "lead_moderator"]
    to_id: str | None
    reason: str
    at: datetime


class Owner(BaseModel):
    """Whose a review is."""

    review_id: str
    cohort_id: str
    state: Literal["waiting", "held", "completed", "closed"]
    owner_id: str | None
    """Who holds it now, whom it is kept for, or who completed it."""
    is_kept: bool
    """Nobody else may claim it."""
    lease_ends_at: datetime | None
    due_at: datetime
    is_overdue: bool


class NotReferredError(NotFoundError):
    """There is no such review among those that wait for the lead moderator."""


class Referral(BaseModel):
    """Why a reviewer could not decide, for the lead alone."""

    review_id: str
    referred_by: str
    referred_at: datetime
    note: str


class TakenReview(BaseModel):
    """What is left to see of a review for whom it was taken from."""

    state: Literal["taken_over"] = "taken_over"
    review_id: str
    by_role: Literal["operations", "lead_moderator"]
    reason: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Moving:
    """Hand-over, take-over, and whose a review is."""

    handling: Handling
    opening: Opening
    sealing: Sealing

    async def hand_over(
        self, shown: Shown, to_id: str, reason: str, cause: Cause
    ) -> Handled:
        """Give a held review to a colleague. Errors: ``domain.allocation.moving``."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await waiting_review(loader, shown)
            by = await holder(loader, shown)
            claim_of(by, state, shown.at)
            command = HandOverReview(
                by=by,
                to_id=to_id,
                to=await loader.state(reviewer, reviewer_stream(to_id)),
                reason=await self.sealing.move(state.request.participant_id, reason),
                at=shown.at,
            )
            return (step(shown.review_id, command),)

        return await self.handling.plan(cause, build)

    async def refer(self, shown: Shown, note: str, cause: Cause) -> Handled:
        """Ask the lead who is to judge it. Errors: ``domain.allocation.moving``."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await waiting_review(loader, shown)
            by = await holder(loader, shown)
            claim_of(by, state, shown.at)
            sealed = await self.sealing.note(state.request.participant_id, note)
            command = ReferReview(by=by, note=sealed, at=shown.at)
            return (step(shown.review_id, command),)

        return await self.handling.plan(cause, build)

    async def referral(self, review_id: str, person_id: str) -> Referral:
        """Return why a reviewer could not decide, for the lead.

        Raises:
            NotReferredError: it does not wait for the lead.
            OwnCaseError: the participant asks.
        """
        _, state = await self.handling.fold(review, stream(review_id))
        if not isinstance(state, Waiting) or state.referred is None:
            raise NotReferredError
        refuse_own_case(person_id, state.request)
        return Referral(
            review_id=review_id,
            referred_by=state.referred.reviewer_id,
            referred_at=state.referred.occurred_at,
            note=await self.opening.note(state.referred.note),
        )

    async def take_over(self, taking: Taking, cause: Cause) -> Handled:
        """Take a review from who has it. Errors: ``domain.allocation.moving``."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await loader.state(review, stream(taking.review_id))
            state, to_id = waiting(found), taking.to_id
            to = None
            if to_id is not None:
                to = to_id, await loader.state(reviewer, reviewer_stream(to_id))
            participant_id = state.request.participant_id
            command = TakeOverReview(
                by=taking.by,
                by_role=taking.by_role,
                to=to,
                assessment=await assessment_of(loader, taking.review_id),
                reason=await self.sealing.move(participant_id, taking.reason),
                at=taking.at,
            )
            return (step(taking.review_id, command),)

        return await self.handling.plan(cause, build)

    async def owner(self, review_id: str, person_id: str, at: datetime) -> Owner:
        """Return whose a review is, for the office and the lead.

        Raises:
            UnknownReviewError: there is no such review.
            OwnCaseError: the participant asks.
        """
        _, state = await self.handling.fold(review, stream(review_id))
        if isinstance(state, NotRequested):
            raise UnknownReviewError
        refuse_own_case(person_id, state.requested)
        return _owner(state, at)

    async def taken(self, review_id: str, reviewer_id: str) -> TakenReview:
        """Return how a review was taken from this reviewer, and why.

        Raises:
            NotHeldError: it was not.
        """
        _, state = await self.handling.fold(review, stream(review_id))
        if isinstance(state, NotRequested):
            raise NotHeldError
        portfolio = state if isinstance(state, Waiting) else state.portfolio
        taken = portfolio.taken.get(reviewer_id)
        if taken is None:
            raise NotHeldError
        return TakenReview(
            review_id=review_id,
            by_role=taken.by_role,
            reason=await self.opening.move(taken.reason),
            taken_at=taken.occurred_at,
        )


def _owner(state: Waiting | Judged | Ended, at: datetime) -> Owner:
    about = state.requested
    waits = state if isinstance(state, Waiting) else None
    held = waits.claim if waits is not None else None
    is_held = held is not None and not has_lapsed(held, at)
    return Owner(
        review_id=about.review_id,
        cohort_id=about.cohort_id,
        state=_state(state, is_held=is_held),
        owner_id=_owner_id(state, is_held=is_held),
        is_kept=waits is not None and waits.kept_for is not None,
        lease_ends_at=held.lease_ends_at if held is not None and is_held else None,
        due_at=about.due_at,
        is_overdue=waits is not None and waits.is_overdue,
    )


def _state(
    state: Review, *, is_held: bool
) -> Literal["waiting", "held", "completed", "closed"]:
    match state:
        case Judged():
            return "completed"
        case Ended():
            return "closed"
        case _:
            return "held" if is_held else "waiting"


def _owner_id(state: Waiting | Judged | Ended, *, is_held: bool) -> str | None:
    if not isinstance(state, Waiting):
        return None if state.judgement is None else state.judgement.reviewer_id
    if is_held and state.claim is not None:
        return state.claim.reviewer_id
    return state.kept_for
