"""Conflicts that come to light when somebody holds a review, or has judged it."""

from dataclasses import dataclass
from datetime import datetime

from services.review.domain.commands import (
    DecideConflict,
    FindConflict,
    FollowHolds,
)
from services.review.domain.decide import UnknownReviewError, review
from services.review.domain.late import ConflictDecision
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.situations import NotRequested
from services.review.handlers.holding import (
    assessment_of,
    reviewer_stream,
    step,
    stream,
)
from services.review.handlers.sealing import Sealing
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What the lead decides about a conflict, and why."""

    review_id: str
    decision: ConflictDecision
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Follows what became known of a reviewer to the reviews they had a part in."""

    handling: Handling
    sealing: Sealing

    async def find(
        self, review_id: str, reviewer_id: str, at: datetime, cause: Cause
    ) -> Handled:
        """End a claim or set a judgement aside, if its reviewer may not judge it."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await assessment_of(loader, review_id)
            command = FindConflict(
                reviewer_id=reviewer_id,
                reviewer=await loader.state(reviewer, reviewer_stream(reviewer_id)),
                assessment=known,
                at=at,
            )
            following = FollowHolds(assessment=known, at=at)
            return (step(review_id, command), step(review_id, following))

        return await self.handling.plan(cause, build)

    async def decide(self, deciding: Deciding, cause: Cause) -> Handled:
        """Say what follows from a conflict. Errors: ``domain.conflicts.settle``.

        Raises:
            UnknownReviewError: nobody asked for this review.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(review, stream(deciding.review_id))
            if isinstance(state, NotRequested):
                raise UnknownReviewError
            subject = state.requested.participant_id
            command = DecideConflict(
                decision=deciding.decision,
                reason=await self.sealing.override(subject, deciding.reason),
                by=deciding.by,
                at=deciding.at,
            )
            return (step(deciding.review_id, command),)

        return await self.handling.plan(cause, build)
