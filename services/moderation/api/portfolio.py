"""The portfolio of a case, for the moderator who holds it."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.moderation.api.asking import AttemptPath, CasePath, shown
from services.moderation.handlers import Showing
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceId
from shared.web.portfolio import PortfolioView, download
from shared.web.requests import Reader


def portfolio_router(showing: Showing, clock: Clock) -> APIRouter:
    """Return the routes of the portfolio."""
    router = APIRouter(prefix="/cases/{case_id}/{attempt}/portfolio", tags=["cases"])

    @router.get("")
    async def portfolio(
        case_id: CasePath, attempt: AttemptPath, reader: Reader
    ) -> PortfolioView:
        reader.require("moderator")
        asked = shown(case_id, attempt, reader, clock)
        content_hash, found = await showing.opening.portfolio(asked)
        return PortfolioView.of(found, content_hash)

    @router.get("/files/{evidence_id}")
    async def file(
        case_id: CasePath, attempt: AttemptPath, evidence_id: EvidenceId, reader: Reader
    ) -> StreamingResponse:
        reader.require("moderator")
        asked = shown(case_id, attempt, reader, clock)
        return download(await showing.opening.file(asked, evidence_id))

    return router
