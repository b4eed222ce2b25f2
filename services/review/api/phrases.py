"""What feedback may start from: the phrase bank, and a proposal of one's own."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from services.review.api.judging import ReviewId
from services.review.handlers import FeedbackProposal, Opening
from shared.clock import Clock
from shared.contracts.programme import Phrase
from shared.errors import NotFoundError
from shared.programmes import every_phrase, every_programme
from shared.vocabulary import CriterionKey
from shared.web.requests import Reader

READERS = ("reviewer", "moderator", "lead_moderator", "operations", "auditor")

OfLevel = Annotated[int | None, Query(ge=1, le=4)]
Containing = Annotated[str | None, Query(max_length=100)]


class UnknownPhrasesError(NotFoundError):
    """There is no programme with this code: the error names those there are."""


class Phrases(BaseModel):
    """Phrases that fit, the programme's own ones first."""

    items: list[Phrase] = Field(max_length=10_000)


def phrases_router(opening: Opening, clock: Clock) -> APIRouter:
    """Return the routes that help to write feedback."""
    router = APIRouter(tags=["feedback"])

    @router.get("/phrases/{programme}")
    async def phrases(
        reader: Reader,
        programme: Annotated[str, Path(max_length=64)],
        criterion: CriterionKey | None = None,
        level: OfLevel = None,
        containing: Containing = None,
    ) -> Phrases:
        """Return phrases by criterion and level, or that contain some words."""
        reader.require(*READERS)
        known = sorted(every_programme().by_code)
        if programme not in known:
            raise UnknownPhrasesError(programmes=known)
        sought = (containing or "").casefold()
        found = every_phrase().of(programme, criterion, level)
        return Phrases(items=[each for each in found if sought in each.text.casefold()])

    @router.get("/reviews/{review_id}/feedback/proposal")
    async def proposal(review_id: ReviewId, reader: Reader) -> FeedbackProposal:
        """Return what feedback could say, from what the holder has judged so far."""
        reader.require("reviewer")
        return await opening.proposal(review_id, reader.person_id, clock())

    return router
