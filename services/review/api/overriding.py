"""Conflicts that the lead overrides, for one review and with a written reason."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.review.api.judging import ReviewId
from services.review.handlers import Allowing, Override, Overriding
from shared.clock import Clock
from shared.vocabulary import PersonId
from shared.web.requests import Ask, Reader, posted

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)
]


class OverrideWords(BaseModel):
    """Who is let judge, and why."""

    model_config = ConfigDict(extra="forbid")

    reviewer_id: PersonId
    reason: Reason


class Overrides(BaseModel):
    """Everybody who may judge a review despite a conflict they declared."""

    items: list[Override]


def overriding_router(overriding: Overriding, clock: Clock) -> APIRouter:
    """Return the routes of conflicts that are overridden."""
    router = APIRouter(prefix="/reviews/{review_id}", tags=["conflicts"])

    @router.post("/conflict-override", status_code=201)
    async def allow(review_id: ReviewId, body: OverrideWords, ask: Ask) -> JSONResponse:
        """Let somebody judge despite a conflict they declared."""
        ask.require("lead_moderator")
        allowing = Allowing(
            review_id=review_id,
            reviewer_id=body.reviewer_id,
            reason=body.reason,
            by=ask.identity.person_id,
            at=clock(),
        )
        ids = {"review_id": review_id, "reviewer_id": body.reviewer_id}
        return posted(await overriding.allow(allowing, ask.cause.answer(201, ids)))

    @router.get("/conflict-override")
    async def overrides(review_id: ReviewId, reader: Reader) -> Overrides:
        """Return who may judge despite a conflict; why, the lead alone reads."""
        reader.require("lead_moderator", "auditor")
        with_words = reader.may("lead_moderator")
        found = await overriding.of(review_id, reader.person_id, with_words=with_words)
        return Overrides(items=found)

    return router
