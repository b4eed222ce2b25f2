"""Taking back a judgement, and what the lead and the office see of it."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.review.api.judging import ReviewId
from services.review.handlers import Recalling, RecallWords, Shown
from services.review.read_models import START, ReviewRow, recalled_now
from shared.carrying import carry
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted


class RecalledReview(BaseModel):
    """A judgement that was taken back, and has not come again."""

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    recalled_by: str | None
    recalled_at: datetime | None
    holder_id: str | None
    """Who holds it now; None once the lease has lapsed or it was given back."""
    due_at: datetime
    is_overdue: bool

    @classmethod
    def of(cls, row: ReviewRow) -> "RecalledReview":
        """Return what is told of a review; nothing of what was judged."""
        return carry(row, cls)


def recalling_router(recalling: Recalling, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of judgements that are taken back."""
    router = APIRouter(tags=["reviews"])

    @router.post("/reviews/{review_id}/recall", status_code=201)
    async def recall(
        review_id: ReviewId, ask: Ask, body: RecallWords | None = None
    ) -> JSONResponse:
        """Take back a judgement; the answer is that of a claim."""
        ask.require("reviewer")
        shown = Shown(
            review_id=review_id,
            reviewer_id=ask.identity.person_id,
            token=None,
            at=clock(),
        )
        words = body or RecallWords()
        return posted(await recalling.recall(shown, words, ask.cause))

    @router.get("/recalls")
    async def recalls(reader: Reader, page: Paging) -> Page[RecalledReview]:
        """Judgements that were taken back and have not come again, longest first."""
        reader.require("lead_moderator", "operations", "auditor")
        after = moment_and_id(page.after, start=START)
        rows = await recalled_now(
            pool, but_of=reader.person_id, after=after, limit=page.limit + 1
        )
        items = [RecalledReview.of(row) for row in rows]
        return page.of(items, key=_key)

    return router


def _key(item: RecalledReview) -> tuple[str, str]:
    at = item.recalled_at
    return ("" if at is None else at.isoformat(), item.review_id)
