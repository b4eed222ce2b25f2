"""The queue of a moderator or a lead: nothing in it tells what was judged."""

from datetime import datetime
from typing import Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel

from services.moderation.handlers import Showing
from services.moderation.read_models import START, Asker, CaseRow, queue_of
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Page, Paging, Reader


class QueueItem(BaseModel):
    """A case to take, one's own, or one to decide."""

    key: str
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    why: Literal["free", "yours", "referred"]
    since: datetime
    until: datetime | None
    """When your lease ends."""

    @classmethod
    def of(cls, key: str, row: CaseRow, person_id: str) -> Self:
        """Return *row* as this person sees it."""
        is_yours = row.holder_id == person_id
        free: Literal["free", "referred"] = (
            "referred" if row.stage == "lead" else "free"
        )
        return cls(
            key=key,
            case_id=row.case_id,
            attempt=row.attempt,
            cohort_id=row.cohort_id,
            programme=row.programme,
            why="yours" if is_yours else free,
            since=row.available_since,
            until=row.lease_ends_at if is_yours else None,
        )


def queue_router(showing: Showing, pool: Pool, clock: Clock) -> APIRouter:
    """Return the route of the queue."""
    router = APIRouter(tags=["cases"])

    @router.get("/queue")
    async def queue(reader: Reader, page: Paging) -> Page[QueueItem]:
        reader.require("moderator", "lead_moderator")
        stages = ["first", "second"] if reader.may("moderator") else []
        stages += ["lead"] if reader.may("lead_moderator") else []
        standing = await showing.opening.standing_of(reader.person_id)
        asker = Asker(
            person_id=reader.person_id,
            organisation_id=standing.organisation_id,
            mentees=sorted(standing.mentees),
            stages=stages,
        )
        after = moment_and_id(page.after, start=START)
        found = await queue_of(
            pool, asker, now=clock(), after=after, limit=page.limit + 1
        )
        items = [QueueItem.of(key, row, reader.person_id) for key, row in found]
        return page.of(items, key=lambda item: (item.since.isoformat(), item.key))

    return router
