"""What a member of an appeal panel sees and decides."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from services.appeals.api.asking import AppealItem, AppealPath
from services.appeals.handlers import Answering, Showing
from services.appeals.handlers.views import HearingView
from services.appeals.handlers.words import DecisionWords
from services.appeals.read_models import START, hearings_of
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted

ROLE = "appeal_panel"


def hearings_router(
    answering: Answering, showing: Showing, pool: Pool, clock: Clock
) -> APIRouter:
    """Return the routes of appeal panels."""
    router = APIRouter(prefix="/hearings", tags=["hearings"])

    @router.get("")
    async def hearings(reader: Reader, page: Paging) -> Page[AppealItem]:
        """Return the appeals that the reader hears, oldest first."""
        reader.require(ROLE)
        after = moment_and_id(page.after, start=START)
        rows = await hearings_of(
            pool, reader.person_id, after=after, limit=page.limit + 1
        )
        now = clock()
        return page.of(
            [AppealItem.of(row, now) for row in rows],
            key=lambda item: (item.opened_at.isoformat(), item.appeal_id),
        )

    @router.get("/{appeal_id}")
    async def hearing(appeal_id: AppealPath, reader: Reader) -> HearingView:
        """Return an appeal that the reader hears, with everything written."""
        reader.require(ROLE)
        return await showing.hearing(appeal_id, reader.person_id, clock())

    @router.post("/{appeal_id}/decision")
    async def decide(
        appeal_id: AppealPath, body: DecisionWords, ask: Ask
    ) -> JSONResponse:
        """Uphold or dismiss an appeal, for the whole panel, with reasons."""
        ask.require(ROLE)
        return posted(
            await answering.decide(appeal_id, body, at=clock(), cause=ask.cause)
        )

    return router
