"""Letting somebody judge despite a conflict they declared, and why, for the lead."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from services.review.domain.allocation.keeping import refuse_own_case
from services.review.domain.assessment.commands import OverrideConflict
from services.review.domain.assessment.decide import assessment
from services.review.domain.decide import review, waiting
from services.review.domain.naming import case_of
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.situations import NotRequested
from services.review.handlers.holding import (
    assessment_stream,
    employer_of,
    reviewer_stream,
    stream,
)
from services.review.handlers.opening import Opening
from services.review.handlers.sealing import Sealing
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowing:
    """Whom the lead lets judge what, and why."""

    review_id: str
    reviewer_id: str
    reason: str
    by: str
    at: datetime


class Override(BaseModel):
    """Who may judge despite a conflict, and why."""

    reviewer_id: str
    allowed_by: str
    allowed_at: datetime
    reason: str | None
    """None for those who read no words."""


@dataclass(frozen=True, slots=True)
class Overriding:
    """The write side of conflicts that the lead overrides."""

    handling: Handling
    opening: Opening
    sealing: Sealing

    async def allow(self, allowing: Allowing, cause: Cause) -> Handled:
        """Let a reviewer judge. Errors: ``domain.overriding.override``.

        Raises:
            UnknownReviewError, AlreadyCompletedError, ReviewClosedError: there is
                nothing to judge.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            review_id = allowing.review_id
            about = waiting(await loader.state(review, stream(review_id))).request
            case_id = case_of(review_id)
            command = OverrideConflict(
                case_id=case_id,
                about=about,
                stated_organisation_id=await employer_of(loader, about),
                reviewer=await loader.state(
                    reviewer, reviewer_stream(allowing.reviewer_id)
                ),
                reason=await self.sealing.override(
                    about.participant_id, allowing.reason
                ),
                allowed_by=allowing.by,
                at=allowing.at,
            )
            return (Step(assessment, assessment_stream(case_id), command),)

        return await self.handling.plan(cause, build)

    async def of(
        self, review_id: str, person_id: str, *, with_words: bool
    ) -> list[Override]:
        """Return everybody who may judge a review despite a conflict.

        Raises:
            OwnCaseError: the participant asks.
        """
        _, state = await self.handling.fold(review, stream(review_id))
        if not isinstance(state, NotRequested):
            refuse_own_case(person_id, state.requested)
        stream_of_case = assessment_stream(case_of(review_id))
        _, known = await self.handling.fold(assessment, stream_of_case)
        facts = [f for f in known.overridden.values() if f.review_id == review_id]
        return [
            Override(
                reviewer_id=each.reviewer_id,
                allowed_by=each.allowed_by,
                allowed_at=each.occurred_at,
                reason=await self.opening.override(each.reason) if with_words else None,
            )
            for each in facts
        ]
