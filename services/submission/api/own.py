"""What a participant sees of their own portfolio in the making."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.submission.handlers.viewing import AskedFor, SectionSeen, Viewing
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceId, Section, SectionKey
from shared.vocabulary import CaseId
from shared.web.portfolio import download
from shared.web.requests import Reader


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FileView(_View):
    """A file of the portfolio."""

    id: str
    name: str
    media_type: str
    size_bytes: int


class OwnPortfolio(_View):
    """A portfolio in the making: what is there, and what is missing."""

    case_id: str
    programme: str
    template: str | None
    templates: tuple[str, ...]
    sections: tuple[SectionSeen, ...]
    others: tuple[str, ...]
    evidence: tuple[FileView, ...]
    requests: tuple[AskedFor, ...]
    missing: tuple[str, ...]


def own_router(viewing: Viewing, clock: Clock) -> APIRouter:
    """Return the routes that show a participant their own portfolio."""
    router = APIRouter(tags=["building"], prefix="/cases/{case_id}")

    @router.get("/portfolio")
    async def overview(
        case_id: Annotated[CaseId, Path()], reader: Reader
    ) -> OwnPortfolio:
        found = await viewing.overview(case_id, reader.person_id, clock())
        return OwnPortfolio.model_validate(found)

    @router.get("/sections/{key}")
    async def section(
        case_id: Annotated[CaseId, Path()],
        key: Annotated[SectionKey, Path()],
        reader: Reader,
    ) -> Section:
        return await viewing.section(case_id, reader.person_id, key)

    @router.get("/evidence/{evidence_id}")
    async def file(
        case_id: Annotated[CaseId, Path()],
        evidence_id: Annotated[EvidenceId, Path()],
        reader: Reader,
    ) -> StreamingResponse:
        return download(await viewing.file(case_id, reader.person_id, evidence_id))

    return router
