"""Holding a review: claim it, read on, give it back, lose it."""

from dataclasses import dataclass
from datetime import datetime

from services.review.domain.assessment.decide import assessment
from services.review.domain.commands import (
    ClaimReview,
    ExtendClaim,
    LapseClaim,
    MarkOverdue,
    ReleaseClaim,
)
from services.review.domain.events import Claimed
from services.review.domain.naming import case_of
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.evolve import Reviewer
from services.review.domain.situations import Waiting
from services.review.handlers.holding import (
    asking_reviewer,
    assessment_of,
    assessment_stream,
    holder,
    reviewer_stream,
    step,
    waiting_review,
)
from services.review.handlers.words import Shown
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that can be asked of a claim."""

    handling: Handling

    async def claim(self, shown: Shown, cause: Cause) -> Handled:
        """Hold a review; the answer tells the token and the end of the lease.

        Raises:
            NotOpenYetError, HeldBySomebodyElseError, ReturnedToItsReviewerError,
            AllocatedToSomebodyElseError: not now.
            NotAReviewerError, or which bond there is to the participant: never.
        """
        held: Ids = {}

        async def build(loader: Loader) -> tuple[Step, ...]:
            nonlocal held
            state = await waiting_review(loader, shown)
            held = _held_ids(state)
            policy = programme_of(state.request).policy.review
            command = ClaimReview(
                reviewer_id=shown.reviewer_id,
                reviewer=await asking_reviewer(loader, shown),
                assessment=await assessment_of(loader, shown.review_id),
                kept_for=await _known(loader, state.kept_for),
                asked=await _known(loader, state.request.only_by),
                lease_minutes=policy.claim_lease_minutes.value,
                at=shown.at,
            )
            return (step(shown.review_id, command),)

        def ids(facts: tuple[Fact, ...]) -> Ids:
            taken = [_taken_ids(fact) for fact in facts if isinstance(fact, Claimed)]
            return {"review_id": shown.review_id, **(taken[0] if taken else held)}

        return await self.handling.plan(cause.answer(201, ids), build)

    async def extend(self, shown: Shown, cause: Cause) -> Handled:
        """Keep holding a review that is being read. Errors: those of every write."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            command = ExtendClaim(by=await holder(loader, shown), at=shown.at)
            return (step(shown.review_id, command),)

        return await self.handling.plan(cause, build)

    async def release(self, shown: Shown, cause: Cause) -> Handled:
        """Give a review back. Errors: those of every write."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            command = ReleaseClaim(by=await holder(loader, shown), at=shown.at)
            return (step(shown.review_id, command),)

        return await self.handling.plan(cause, build)

    async def lapse(self, review_id: str, command: LapseClaim, cause: Cause) -> Handled:
        """Take a review back whose lease has ended."""
        return await self.handling(cause, step(review_id, command))

    async def mark_overdue(self, review_id: str, at: datetime, cause: Cause) -> Handled:
        """Say once that a review was not judged in time, unless its clock stands."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await assessment_of(loader, review_id)
            return (step(review_id, MarkOverdue(assessment=known, at=at)),)

        return await self.handling.plan(cause, build)

    async def is_held(self, review_id: str) -> bool:
        """Tell whether the clocks of the review's case stand still: a hint, too."""
        stream = assessment_stream(case_of(review_id))
        _, known = await self.handling.fold(assessment, stream)
        return known.is_held


async def _known(loader: Loader, person_id: str | None) -> Reviewer | None:
    if person_id is None:
        return None
    return await loader.state(reviewer, reviewer_stream(person_id))


def _held_ids(state: Waiting) -> Ids:
    if state.claim is None:
        return {}
    ends_at = state.claim.lease_ends_at.isoformat()
    return {"token": state.claim.token, "lease_ends_at": ends_at}


def _taken_ids(fact: Claimed) -> Ids:
    return {"token": fact.token, "lease_ends_at": fact.lease_ends_at.isoformat()}
