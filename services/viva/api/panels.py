"""Panels, and what they say about a viva."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from services.viva.handlers import Panels, PanelWords, VerdictWords
from shared.clock import Clock
from shared.vocabulary import CaseId
from shared.web.requests import Ask, posted

Case = Annotated[CaseId, Path()]


def panels_router(panels: Panels, clock: Clock) -> APIRouter:
    """Return the routes by which a panel is appointed, and decides."""
    router = APIRouter(prefix="/vivas/{case_id}", tags=["panels"])

    @router.post("/panel")
    async def appoint(case_id: Case, body: PanelWords, ask: Ask) -> JSONResponse:
        ask.require("operations")
        by = ask.identity.person_id
        return posted(
            await panels.appoint(case_id, body, by=by, at=clock(), cause=ask.cause)
        )

    @router.post("/result", status_code=201)
    async def give_verdict(case_id: Case, body: VerdictWords, ask: Ask) -> JSONResponse:
        """Say how it went; the answer tells the result once both agree."""
        ask.require("lead_moderator", "panel_member")
        by = ask.identity.person_id
        return posted(
            await panels.give_verdict(case_id, body, by=by, at=clock(), cause=ask.cause)
        )

    @router.post("/settlement", status_code=201)
    async def settle(case_id: Case, body: VerdictWords, ask: Ask) -> JSONResponse:
        """Decide where the two of the panel differ."""
        ask.require("lead_moderator")
        by = ask.identity.person_id
        return posted(
            await panels.settle(case_id, body, by=by, at=clock(), cause=ask.cause)
        )

    return router
