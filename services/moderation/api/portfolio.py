"""The portfolio of a case, for the moderator who holds it.

Files come from participants, so they are never shown as part of a page of ours: always
an attachment, in a sandbox, of exactly the type that was detected.
"""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.moderation.api.asking import AttemptPath, CasePath, shown
from services.moderation.handlers import Showing
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceFile, EvidenceId, Section
from shared.web.requests import Reader

UNTRUSTED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of everything a participant uploaded."""


class File(BaseModel):
    """An evidence file, and what a reference to it needs."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    content_hash: str

    @classmethod
    def of(cls, file: EvidenceFile) -> "File":
        """Return *file* without the place where it is kept."""
        return cls.model_validate(file.model_dump(include=set(cls.model_fields)))


class PortfolioView(BaseModel):
    """The portfolio that was handed in: words, tables and pictures in order."""

    snapshot_sha256: str
    """What passages and files are cited by."""
    programme: str
    template: str
    sections: tuple[Section, ...]
    evidence: tuple[File, ...]


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
        return PortfolioView(
            snapshot_sha256=content_hash,
            programme=found.programme,
            template=found.template,
            sections=found.sections,
            evidence=tuple(File.of(each) for each in found.evidence),
        )

    @router.get("/files/{evidence_id}")
    async def file(
        case_id: CasePath, attempt: AttemptPath, evidence_id: EvidenceId, reader: Reader
    ) -> StreamingResponse:
        reader.require("moderator")
        asked = shown(case_id, attempt, reader, clock)
        served = await showing.opening.file(asked, evidence_id)
        name = quote(served.file.name)
        return StreamingResponse(
            served.content,
            media_type=served.file.media_type,
            headers={
                **UNTRUSTED,
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            },
        )

    return router
