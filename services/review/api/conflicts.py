"""Conflicts that came to light late, for the lead, the office and auditors."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.review.domain.late import WhichConflict
from services.review.read_models import START, ReviewRow, conflicts_found
from shared.carrying import carry
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Page, Paging, Reader


class FoundConflict(BaseModel):
    """A review in which somebody had a part who may not judge it."""

    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    conflict_of: str | None
    conflict_because: WhichConflict | None
    conflict_when: Literal["claimed", "judged", "released"] | None
    """Before it was judged, before its outcome was released, or after."""
    conflict_at: datetime | None
    state: Literal["waiting", "claimed", "completed", "closed"]
    """Where the review stands by now."""

    @classmethod
    def of(cls, row: ReviewRow) -> "FoundConflict":
        """Return what is told of a review; nothing of what was judged."""
        return carry(row, cls)


def conflicts_router(pool: Pool) -> APIRouter:
    """Return the route of conflicts that came to light late."""
    router = APIRouter(tags=["conflicts"])

    @router.get("/conflicts")
    async def found(reader: Reader, page: Paging) -> Page[FoundConflict]:
        """Return reviews in which a conflict came to light, longest ago first."""
        reader.require("lead_moderator", "operations", "auditor")
        after = moment_and_id(page.after, start=START)
        rows = await conflicts_found(pool, after=after, limit=page.limit + 1)
        return page.of([FoundConflict.of(row) for row in rows], key=_key)

    return router


def _key(item: FoundConflict) -> tuple[str, str]:
    at = item.conflict_at
    return ("" if at is None else at.isoformat(), item.review_id)
