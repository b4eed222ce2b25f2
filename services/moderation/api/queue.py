"""The queue of a moderator or a lead, and what is late: nothing tells what was judged.

Invariant: whoever may still judge a case blind learns neither who held it before nor
whether it waits for a first judgement or a second.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel

from services.moderation.api.cover import is_short, people_of
from services.moderation.domain.cover import People
from services.moderation.domain.standing.evolve import Standing
from services.moderation.handlers import Showing
from services.moderation.read_models import (
    START,
    Asker,
    CaseRow,
    overdue_cases,
    queue_of,
)
from services.moderation.read_models.rows import Stage
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.identity import Identity
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
    due_at: datetime | None
    """End of the month in which it is to be judged and moderated."""
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
            due_at=row.due_at,
            until=row.lease_ends_at if is_yours else None,
        )


class OverdueCase(BaseModel):
    """A drawn case that was not settled in time."""

    key: str
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    waits_for: Literal["moderator", "lead", "reviewer"]
    due_at: datetime
    holder_id: str | None
    """Who holds it now; never told to somebody who moderates too."""
    is_short: bool
    """Fewer moderators than are needed may judge it: see the cover of its cohort."""

    @classmethod
    def of(
        cls, key: str, row: CaseRow, since: datetime, people: People, *, is_blind: bool
    ) -> Self:
        """Return *row*; *is_blind* when the reader may be the next to judge it."""
        return cls(
            key=key,
            case_id=row.case_id,
            attempt=row.attempt,
            cohort_id=row.cohort_id,
            programme=row.programme,
            waits_for=_WAITS_FOR.get(row.stage, "moderator"),
            due_at=since,
            holder_id=None if is_blind else row.holder_id,
            is_short=is_short(row, people),
        )


_WAITS_FOR: Mapping[Stage, Literal["lead", "reviewer"]] = {
    "lead": "lead",
    "returned": "reviewer",
}


def _stages(reader: Identity, standing: Standing) -> Sequence[str]:
    """Return what waits for this reader; for an auditor, what waits for anybody.

    No case waits for a moderator who is paused.
    """
    if not reader.may("moderator", "lead_moderator"):
        return ("first", "second", "lead")
    is_paused = standing.ladder("moderator").standing == "paused"
    may_moderate = reader.may("moderator") and not is_paused
    moderating = ("first", "second") if may_moderate else ()
    return (*moderating, *(("lead",) if reader.may("lead_moderator") else ()))


def queue_router(showing: Showing, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of the queue, and of what is late."""
    router = APIRouter(tags=["cases"])

    @router.get("/queue")
    async def queue(reader: Reader, page: Paging) -> Page[QueueItem]:
        reader.require("moderator", "lead_moderator", "auditor")
        standing = await showing.opening.standing_of(reader.person_id)
        asker = Asker(
            person_id=reader.person_id,
            organisation_id=standing.organisation_id,
            mentees=sorted(standing.mentees),
            stages=_stages(reader, standing),
            stood_down=sorted(standing.stood_down),
            hears=sorted(standing.hears),
            has_read=[f"{case}.{attempt}" for case, attempt in standing.has_read],
            read_until=standing.read_until,
        )
        after = moment_and_id(page.after, start=START)
        found = await queue_of(
            pool, asker, now=clock(), after=after, limit=page.limit + 1
        )
        items = [QueueItem.of(key, row, reader.person_id) for key, row in found]
        return page.of(items, key=lambda item: (item.since.isoformat(), item.key))

    @router.get("/overdue")
    async def overdue(reader: Reader, page: Paging) -> Page[OverdueCase]:
        """Return what was not settled in time, longest overdue first."""
        reader.require("lead_moderator", "operations", "auditor")
        after = moment_and_id(page.after, start=START)
        found = await overdue_cases(pool, after=after, limit=page.limit + 1)
        people = await people_of(showing, pool)
        items = [
            OverdueCase.of(
                key, row, row.overdue_since, people, is_blind=reader.may("moderator")
            )
            for key, row in found
            if row.overdue_since is not None
        ]
        return page.of(items, key=lambda item: (item.due_at.isoformat(), item.key))

    return router
