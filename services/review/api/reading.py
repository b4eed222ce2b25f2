"""What the holder of a review reads: the portfolio, its files, their own words."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.review.api.judging import ReviewId
from services.review.domain.events import Completed
from services.review.handlers import (
    HeldReview,
    Moving,
    NotHeldError,
    Opening,
    TakenReview,
)
from shared.carrying import carry
from shared.clock import Clock
from shared.vocabulary import CriterionKey, Level, Outcome
from shared.web.portfolio import PortfolioView, download
from shared.web.requests import Reader


class CompletedReview(BaseModel):
    """What is left to see of a review for the reviewer who completed it."""

    state: Literal["completed"] = "completed"
    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool
    recallable_until: datetime | None
    """Until when it can be taken back, unless it is returned or released first; None
    when it is final at once."""

    @classmethod
    def of(cls, fact: Completed, until: datetime | None) -> "CompletedReview":
        """Return what the reviewer may still see of their judgement."""
        return carry(fact, cls, recallable_until=until)


def reading_router(opening: Opening, moving: Moving, clock: Clock) -> APIRouter:
    """Return the routes that read a review."""
    router = APIRouter(prefix="/reviews/{review_id}", tags=["reviews"])
    _add_review(router, opening, moving, clock)
    _add_portfolio(router, opening, clock)
    return router


def _add_review(
    router: APIRouter, opening: Opening, moving: Moving, clock: Clock
) -> None:
    @router.get("")
    async def review(
        review_id: ReviewId, reader: Reader
    ) -> HeldReview | CompletedReview | TakenReview:
        reader.require("reviewer")
        me = reader.person_id
        with suppress(NotHeldError):
            return await opening.review(review_id, me, clock())
        with suppress(NotHeldError):
            return CompletedReview.of(*await opening.completed(review_id, me))
        return await moving.taken(review_id, me)


def _add_portfolio(router: APIRouter, opening: Opening, clock: Clock) -> None:
    @router.get("/portfolio")
    async def portfolio(review_id: ReviewId, reader: Reader) -> PortfolioView:
        reader.require("reviewer")
        sha256, snapshot = await opening.portfolio(review_id, reader.person_id, clock())
        return PortfolioView.of(snapshot, sha256)

    @router.get("/evidence/{evidence_id}")
    async def evidence(
        review_id: ReviewId,
        evidence_id: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")],
        reader: Reader,
    ) -> StreamingResponse:
        reader.require("reviewer")
        served = await opening.file(review_id, reader.person_id, evidence_id, clock())
        return download(served)
