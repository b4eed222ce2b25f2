"""The queue of one reviewer, and the conflicts that keep reviews out of it."""

from datetime import datetime
from typing import Annotated, Literal, Self, TypeAlias

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.review.domain.reviewer.commands import DeclareConflict
from services.review.domain.reviewer.events import ConflictKind
from services.review.handlers import Reviewers
from services.review.read_models import START, ReviewRow, queue_of
from shared.carrying import carry
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted

FIRST_ATTEMPT = 1


Why: TypeAlias = Literal["yours", "returned", "allocated", "free", "resubmission"]


class QueueItem(BaseModel):
    """One review that is this reviewer's or may become so, and until when."""

    review_id: str
    case_id: str
    cohort_id: str
    programme: str
    template: str
    attempt: int
    role_context: str | None
    submitted_at: datetime
    due_at: datetime
    why: Why
    """Held by you, returned to you, given to you, free to claim, or free and handed
    in again."""
    until: datetime
    """When your lease ends, or when the review is due."""

    @classmethod
    def of(cls, row: ReviewRow, reviewer_id: str, now: datetime) -> Self:
        """Return *row* as *reviewer_id* sees it at *now*."""
        lease = row.lease_ends_at
        is_yours = row.holder_id == reviewer_id and lease is not None and lease > now
        return carry(
            row,
            cls,
            why="yours" if is_yours else _why_not_yet(row, reviewer_id),
            until=lease if is_yours and lease is not None else row.due_at,
        )


def _why_not_yet(row: ReviewRow, reviewer_id: str) -> Why:
    if row.kept_for == reviewer_id:
        return "returned" if row.returned_to == reviewer_id else "allocated"
    return "free" if row.attempt == FIRST_ATTEMPT else "resubmission"


class Conflict(BaseModel):
    """What the signed-in reviewer must not judge."""

    model_config = ConfigDict(extra="forbid")

    kind: ConflictKind
    with_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


def queue_router(reviewers: Reviewers, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of the queue."""
    router = APIRouter(tags=["queue"])

    @router.get("/queue")
    async def queue(reader: Reader, page: Paging) -> Page[QueueItem]:
        reader.require("reviewer")
        now, me = clock(), reader.person_id
        after = moment_and_id(page.after, start=START)
        rows = await queue_of(pool, me, now=now, after=after, limit=page.limit + 1)
        items = [QueueItem.of(row, me, now) for row in rows]
        return page.of(
            items, key=lambda item: (item.submitted_at.isoformat(), item.review_id)
        )

    @router.post("/conflicts", status_code=201)
    async def declare(body: Conflict, ask: Ask) -> JSONResponse:
        ask.require("reviewer")
        command = DeclareConflict(
            reviewer_id=ask.identity.person_id,
            kind=body.kind,
            with_id=body.with_id,
            at=clock(),
        )
        ids = {"kind": body.kind, "with_id": body.with_id}
        return posted(await reviewers.declare(command, ask.cause.answer(201, ids)))

    return router
