"""What a reviewer types and saved, for them alone, whatever became of the claim."""

from fastapi import APIRouter

from services.review.api.judging import ReviewId
from services.review.handlers import Drafting, OwnWords
from shared.clock import Clock
from shared.drafts import Drafts, Place
from shared.web.drafts import Form, drafts_router
from shared.web.requests import Reader


def own_words_router(drafting: Drafting, drafts: Drafts, clock: Clock) -> APIRouter:
    """Return the routes of drafts; a form is a criterion, or the feedback."""
    router = APIRouter(tags=["drafts"])

    async def place_of(review_id: ReviewId, form: Form, reader: Reader) -> Place:
        reader.require("reviewer")
        return await drafting.place(review_id, reader.person_id, form)

    prefix = "/reviews/{review_id}/drafts/{form}"
    router.include_router(drafts_router(prefix, place_of, drafts, clock))

    @router.get("/reviews/{review_id}/own-words")
    async def own_words(review_id: ReviewId, reader: Reader) -> OwnWords:
        """Return what one judged and wrote, also after the claim was lost."""
        reader.require("reviewer")
        return await drafting.own_words(review_id, reader.person_id)

    return router
