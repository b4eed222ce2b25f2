"""What the panel of a viva reads."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from services.viva.handlers import GivenVerdict, Opening
from shared.contracts.portfolio import EvidenceId
from shared.vocabulary import CaseId
from shared.web.portfolio import PortfolioView, download
from shared.web.requests import Reader

Case = Annotated[CaseId, Path()]
ROLES = ("lead_moderator", "panel_member")


def reading_router(opening: Opening) -> APIRouter:
    """Return the routes of portfolio and verdicts."""
    router = APIRouter(prefix="/vivas/{case_id}", tags=["panels"])

    @router.get("/portfolio")
    async def portfolio(case_id: Case, reader: Reader) -> PortfolioView:
        reader.require(*ROLES)
        sha256, found = await opening.portfolio(case_id, reader.person_id)
        return PortfolioView.of(found, sha256)

    @router.get("/portfolio/files/{evidence_id}")
    async def file(
        case_id: Case, evidence_id: EvidenceId, reader: Reader
    ) -> StreamingResponse:
        reader.require(*ROLES)
        return download(await opening.file(case_id, reader.person_id, evidence_id))

    @router.get("/verdicts")
    async def verdicts(case_id: Case, reader: Reader) -> tuple[GivenVerdict, ...]:
        """Return verdicts as the reader may see them; to an auditor without notes."""
        reader.require(*ROLES, "auditor")
        if not reader.may(*ROLES):
            return await opening.audited_verdicts(case_id)
        return await opening.verdicts(case_id, reader.person_id)

    return router
