"""Conflicts that came to light late, for the lead, the office and auditors."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.review.api.judging import ReviewId
from services.review.api.overriding import Reason
from services.review.domain.late import ConflictDecision, WhichConflict
from services.review.handlers import Conflicts, Deciding
from services.review.read_models import START, ReviewRow, conflicts_found
from shared.carrying import carry
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted


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
    conflict_decision: ConflictDecision | None
    """What the lead decided, where it was told after the release."""

    @classmethod
    def of(cls, row: ReviewRow) -> "FoundConflict":
        """Return what is told of a review; nothing of what was judged."""
        return carry(row, cls)


class DecisionWords(BaseModel):
    """What follows from a conflict that was told after the release, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: ConflictDecision
    reason: Reason


def conflicts_router(conflicts: Conflicts, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of conflicts that came to light late."""
    router = APIRouter(tags=["conflicts"])

    @router.get("/conflicts")
    async def found(reader: Reader, page: Paging) -> Page[FoundConflict]:
        """Return reviews in which a conflict came to light, longest ago first."""
        reader.require("lead_moderator", "operations", "auditor")
        after = moment_and_id(page.after, start=START)
        rows = await conflicts_found(
            pool, but_of=reader.person_id, after=after, limit=page.limit + 1
        )
        return page.of([FoundConflict.of(row) for row in rows], key=_key)

    @router.post("/reviews/{review_id}/conflict-decision", status_code=201)
    async def decide(
        review_id: ReviewId, body: DecisionWords, ask: Ask
    ) -> JSONResponse:
        """Have a portfolio judged afresh, or let the outcome stand."""
        ask.require("lead_moderator")
        deciding = Deciding(
            review_id=review_id,
            decision=body.decision,
            reason=body.reason,
            by=ask.identity.person_id,
            at=clock(),
        )
        cause = ask.cause.answer(201, {"review_id": review_id})
        return posted(await conflicts.decide(deciding, cause))

    return router


def _key(item: FoundConflict) -> tuple[str, str]:
    at = item.conflict_at
    return ("" if at is None else at.isoformat(), item.review_id)
