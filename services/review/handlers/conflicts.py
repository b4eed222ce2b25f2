"""Conflicts that come to light when somebody holds a review, or has judged it."""

from dataclasses import dataclass
from datetime import datetime

from services.review.domain.commands import FindConflict, FollowHolds
from services.review.domain.reviewer.decide import reviewer
from services.review.handlers.holding import (
    assessment_of,
    reviewer_stream,
    step,
)
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Follows what became known of a reviewer to the reviews they had a part in."""

    handling: Handling

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
