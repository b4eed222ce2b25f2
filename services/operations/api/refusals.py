"""What the services refused: who asked, which route, why."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.operations.api.readers import READERS
from services.operations.blindness import Blindness
from shared.database import Pool
from shared.web.cursors import LARGEST_POSITION, position_of
from shared.web.refusals import Refusal, refusals
from shared.web.requests import Page, Paging, Reader

Wanted = Annotated[str | None, Query(max_length=100)]


def refusals_router(pool: Pool, blindness: Blindness) -> APIRouter:
    """Return the list of refused requests."""
    router = APIRouter(tags=["operations"])

    @router.get("/refusals")
    async def refused(
        reader: Reader,
        page: Paging,
        service: Wanted = None,
        code: Wanted = None,
        actor: Wanted = None,
    ) -> Page[Refusal]:
        """Return what people were refused, newest first; never what they sent."""
        reader.require(*READERS)
        await blindness.require_no_moderator(reader.person_id)
        rows = await refusals(
            pool,
            before=position_of(page.after) or LARGEST_POSITION,
            limit=page.limit + 1,
            service=service,
            code=code,
            actor=actor,
        )
        return page.of(rows, key=lambda row: (str(row.number),))

    return router
