"""A second attempt beside the first: what changed, and what had to."""

from fastapi import APIRouter

from services.review.api.judging import ReviewId
from services.review.handlers import Comparing, Comparison
from shared.clock import Clock
from shared.web.requests import Reader


def comparing_router(comparing: Comparing, clock: Clock) -> APIRouter:
    """Return the route that shows a second attempt beside the first."""
    router = APIRouter(tags=["reviews"])

    @router.get("/reviews/{review_id}/changes")
    async def changes(review_id: ReviewId, reader: Reader) -> Comparison:
        """Return what changed since the first attempt, and what had to."""
        reader.require("reviewer")
        return await comparing.changes(review_id, reader.person_id, clock())

    return router
