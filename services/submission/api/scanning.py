"""Whether uploads are shown to a malware scanner, for those who run the service."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.submission.gateways import Scanner
from shared.web.requests import Reader


class ScannerView(BaseModel):
    """Whether there is a scanner, and whether it answers."""

    is_configured: bool
    answers: bool


def scanning_router(scanner: Scanner | None) -> APIRouter:
    """Return the route that `attest doctor` asks."""
    router = APIRouter(tags=["uploads"])

    @router.get("/uploads/scanner")
    async def show(reader: Reader) -> ScannerView:
        reader.require("operations", "auditor")
        answers = scanner is not None and await scanner.answers()
        return ScannerView(is_configured=scanner is not None, answers=answers)

    return router
