"""What a participant asks about their own case, and sees of it; never a colleague."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from services.appeals.api.asking import AppealItem, AppealPath, CasePath
from services.appeals.handlers import Asking, Overview, Showing
from services.appeals.handlers.views import AppealView, CaseView
from services.appeals.handlers.words import (
    ExplanationWords,
    LodgingWords,
    SupportWords,
)
from services.appeals.read_models import START, appeals_of
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted

ROLE = "participant"


def participants_router(
    asking: Asking, overview: Overview, showing: Showing, pool: Pool, clock: Clock
) -> APIRouter:
    """Return the routes of participants."""
    router = APIRouter(tags=["participants"])
    _add_asking(router, asking, clock)
    _add_case(router, overview, clock)
    _add_reading(router, showing, pool, clock)
    return router


def _add_asking(router: APIRouter, asking: Asking, clock: Clock) -> None:
    @router.post("/cases/{case_id}/explanations", status_code=201)
    async def explanation(
        case_id: CasePath, body: ExplanationWords, ask: Ask
    ) -> JSONResponse:
        """Ask for an explanation of a released decision."""
        ask.require(ROLE)
        return posted(
            await asking.explanation(case_id, body, at=clock(), cause=ask.cause)
        )

    @router.post("/cases/{case_id}/support-appeals", status_code=201)
    async def about_support(
        case_id: CasePath, body: SupportWords, ask: Ask
    ) -> JSONResponse:
        """Appeal against the support received."""
        ask.require(ROLE)
        return posted(
            await asking.appeal_about_support(
                case_id, body.statement, at=clock(), cause=ask.cause
            )
        )

    @router.post("/appeals/{appeal_id}/lodge")
    async def lodge(
        appeal_id: AppealPath, body: LodgingWords, ask: Ask
    ) -> JSONResponse:
        """Appeal against a decision that was explained."""
        ask.require(ROLE)
        return posted(await asking.appeal(appeal_id, body, at=clock(), cause=ask.cause))


def _add_case(router: APIRouter, overview: Overview, clock: Clock) -> None:
    @router.get("/cases/{case_id}")
    async def case(case_id: CasePath, reader: Reader) -> CaseView:
        """Return what may be asked about a case of one's own, and until when."""
        reader.require(ROLE)
        return await overview.own_case(case_id, reader.person_id, clock())


def _add_reading(router: APIRouter, showing: Showing, pool: Pool, clock: Clock) -> None:
    @router.get("/appeals")
    async def appeals(reader: Reader, page: Paging) -> Page[AppealItem]:
        """Return one's own explanations and appeals, oldest first."""
        reader.require(ROLE)
        after = moment_and_id(page.after, start=START)
        rows = await appeals_of(
            pool, reader.person_id, after=after, limit=page.limit + 1
        )
        now = clock()
        return page.of(
            [AppealItem.of(row, now) for row in rows],
            key=lambda item: (item.opened_at.isoformat(), item.appeal_id),
        )

    @router.get("/appeals/{appeal_id}")
    async def appeal(appeal_id: AppealPath, reader: Reader) -> AppealView:
        """Return an appeal of one's own, with everything that was written."""
        reader.require(ROLE)
        return await showing.own(appeal_id, reader.person_id, clock())
