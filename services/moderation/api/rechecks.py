"""Where moderators stand, and cases that a paused one judged."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from services.moderation.api.asking import AttemptPath, CasePath, shown
from services.moderation.handlers import Blindness, Rechecks, RecheckWords
from services.moderation.handlers.rechecks import ModeratorsView
from shared.clock import Clock
from shared.vocabulary import CohortId
from shared.web.requests import Ask, Reader, posted

LEAD = "lead_moderator"


def rechecks_router(
    rechecks: Rechecks, blindness: Blindness, clock: Clock
) -> APIRouter:
    """Return the routes about moderators of a cohort, and their cases."""
    router = APIRouter(tags=["standings"])

    @router.get("/cohorts/{cohort_id}/moderators")
    async def moderators(
        cohort_id: Annotated[CohortId, Path()], reader: Reader
    ) -> ModeratorsView:
        """Return where everybody else stands who judged blind in the cohort.

        With what paused moderators judged that is settled and not released yet.
        """
        reader.require(LEAD, "auditor")
        await blindness.require(reader.person_id, cohort_id)
        return await rechecks.of_cohort(
            cohort_id, reader_id=reader.person_id, with_reasons=reader.may(LEAD)
        )

    @router.post("/cases/{case_id}/{attempt}/recheck", status_code=201)
    async def recheck(
        case_id: CasePath, attempt: AttemptPath, body: RecheckWords, ask: Ask
    ) -> JSONResponse:
        """Have a settled case judged again that a paused moderator judged."""
        ask.require(LEAD)
        asked = shown(case_id, attempt, ask.identity, clock)
        cause = ask.cause.answer(201, {"case_id": case_id, "attempt": attempt})
        return posted(await rechecks.order(asked, body, cause))

    return router
