"""What the holder of a review reads: the portfolio, its files, their own words.

Files come from participants, so they are never shown as part of a page of ours: always
an attachment, in a sandbox, of exactly the type that was detected.
"""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.review.api.judging import ReviewId
from services.review.domain.events import Completed
from services.review.handlers import HeldReview, NotHeldError, Opening
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceFile, Section
from shared.vocabulary import CriterionKey, Level, Outcome
from shared.web.requests import Reader

UNTRUSTED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of everything a participant uploaded."""
PRIVATE = {"Cache-Control": "private, no-store"}


class CompletedReview(BaseModel):
    """What is left to see of a review for the reviewer who completed it."""

    state: Literal["completed"] = "completed"
    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool

    @classmethod
    def of(cls, fact: Completed) -> "CompletedReview":
        """Return what the reviewer may still see of their judgement."""
        shown = set(cls.model_fields) - {"state"}
        return cls.model_validate(fact.model_dump(include=shown))


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


def reading_router(opening: Opening, clock: Clock) -> APIRouter:
    """Return the routes that read a review."""
    router = APIRouter(prefix="/reviews/{review_id}", tags=["reviews"])
    _add_review(router, opening, clock)
    _add_portfolio(router, opening, clock)
    return router


def _add_review(router: APIRouter, opening: Opening, clock: Clock) -> None:
    @router.get("")
    async def review(
        review_id: ReviewId, reader: Reader
    ) -> HeldReview | CompletedReview:
        reader.require("reviewer")
        try:
            return await opening.review(review_id, reader.person_id, clock())
        except NotHeldError:
            judgement = await opening.completed(review_id, reader.person_id)
        return CompletedReview.of(judgement)


def _add_portfolio(router: APIRouter, opening: Opening, clock: Clock) -> None:
    @router.get("/portfolio")
    async def portfolio(review_id: ReviewId, reader: Reader) -> PortfolioView:
        reader.require("reviewer")
        sha256, snapshot = await opening.portfolio(review_id, reader.person_id, clock())
        return PortfolioView(
            snapshot_sha256=sha256,
            programme=snapshot.programme,
            template=snapshot.template,
            sections=snapshot.sections,
            evidence=tuple(File.of(file) for file in snapshot.evidence),
        )

    @router.get("/evidence/{evidence_id}")
    async def evidence(
        review_id: ReviewId,
        evidence_id: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")],
        reader: Reader,
    ) -> StreamingResponse:
        reader.require("reviewer")
        served = await opening.file(review_id, reader.person_id, evidence_id, clock())
        name = quote(served.file.name.rpartition("/")[2], safe="")
        headers = {
            **UNTRUSTED,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(served.file.size_bytes),
        }
        return StreamingResponse(
            served.content, media_type=served.file.media_type, headers=headers
        )
