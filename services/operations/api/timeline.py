"""What happened to one case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from services.operations.api.readers import READERS
from services.operations.blindness import Blindness
from services.operations.handlers import UnknownCaseError
from services.operations.read_models import timeline_of
from services.operations.wording import sentence
from shared.database import Pool
from shared.vocabulary import CaseId
from shared.web.cursors import LARGEST_POSITION, position_of
from shared.web.requests import Page, Paging, Reader


class TimelineLine(BaseModel):
    """One fact of a case, in words."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    what: str
    type: str
    stream: str
    version: int
    actor: str
    role: str
    correlation_id: UUID
    causation_id: UUID


def timeline_router(pool: Pool, blindness: Blindness) -> APIRouter:
    """Return the timeline of a case."""
    router = APIRouter(tags=["operations"])

    @router.get("/cases/{case_id}/timeline")
    async def timeline(
        case_id: Annotated[CaseId, Path()],
        reader: Reader,
        page: Paging,
        as_of: Annotated[int | None, Query(ge=1, le=LARGEST_POSITION)] = None,
    ) -> Page[TimelineLine]:
        reader.require(*READERS)
        await blindness.require_of_case(reader.person_id, case_id)
        after = position_of(page.after)
        rows = await timeline_of(
            pool, case_id, after=after, limit=page.limit + 1, as_of=as_of
        )
        if not rows and not page.after:
            raise UnknownCaseError(case_id=case_id)
        lines = [
            TimelineLine(what=sentence(row.type), **row.model_dump(exclude={"case_id"}))
            for row in rows
        ]
        return page.of(lines, key=lambda line: (str(line.position),))

    return router
