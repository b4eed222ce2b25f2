"""What other services ask of review."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.review.handlers import Confirming
from shared.vocabulary import CaseId
from shared.web.requests import Reader


class StillTrue(BaseModel):
    """Which fact a letter is about to tell."""

    model_config = ConfigDict(extra="forbid")

    case_id: CaseId
    stream: Annotated[str, Field(max_length=200)]
    event_id: UUID


class Confirmation(BaseModel):
    """Whether it still holds."""

    is_true: bool


def internal_router(confirming: Confirming) -> APIRouter:
    """Return the route that notification asks before it sends."""
    router = APIRouter(tags=["internal"])

    @router.post("/internal/confirm")
    async def confirm(body: StillTrue, reader: Reader) -> Confirmation:
        """Answer from a fold; asked at the moment of sending, so never stored."""
        reader.require_service("notification")
        is_true = await confirming.is_still_true(
            body.case_id, body.stream, body.event_id
        )
        return Confirmation(is_true=is_true)

    return router
