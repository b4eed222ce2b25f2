"""Standing down as a moderator of a cohort, to read what others judged in it."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from services.moderation.handlers import Blindness
from shared.clock import Clock
from shared.vocabulary import CohortId
from shared.web.requests import Ask, posted


def blindness_router(blindness: Blindness, clock: Clock) -> APIRouter:
    """Return the route of those who moderate and have another role, too."""
    router = APIRouter(tags=["cohorts"])

    @router.post("/cohorts/{cohort_id}/stand-down")
    async def stand_down(
        cohort_id: Annotated[CohortId, Path()], ask: Ask
    ) -> JSONResponse:
        """Judge nothing of a cohort blind any more; it cannot be taken back."""
        ask.require("moderator")
        cause = ask.cause.answer(200, {"cohort_id": cohort_id})
        who = ask.identity.person_id
        return posted(
            await blindness.stand_down(who, cohort_id, at=clock(), cause=cause)
        )

    return router
