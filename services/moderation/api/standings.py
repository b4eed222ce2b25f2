"""How closely the judgements of reviewers and moderators are looked at."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from services.moderation.domain.standing.climbing import OwnStandingError
from services.moderation.domain.standing.ladder import Part
from services.moderation.handlers import Blindness, Standings, StandingWords
from services.moderation.handlers.standings import HeldView, StandingsView, StandingView
from shared.clock import Clock
from shared.vocabulary import CohortId, PersonId
from shared.web.requests import Ask, Reader, posted

LEAD = "lead_moderator"


def standings_router(
    standings: Standings, blindness: Blindness, clock: Clock
) -> APIRouter:
    """Return the routes of standings: the lead's, and to read an auditor's."""
    router = APIRouter(tags=["standings"])

    @router.post("/standings/{person_id}", status_code=201)
    async def set_standing(
        person_id: Annotated[PersonId, Path()], body: StandingWords, ask: Ask
    ) -> JSONResponse:
        ask.require(LEAD)
        by = ask.identity.person_id
        cause = ask.cause.answer(201, {"person_id": person_id})
        return posted(
            await standings.set(person_id, body, by=by, at=clock(), cause=cause)
        )

    @router.get("/standings/{person_id}")
    async def show(
        person_id: Annotated[PersonId, Path()], reader: Reader, part: Part = "reviewer"
    ) -> StandingView:
        reader.require(LEAD, "auditor")
        if part == "moderator" and person_id == reader.person_id:
            raise OwnStandingError
        await blindness.require_of_person(reader.person_id, person_id)
        is_lead = reader.may(LEAD)
        return await standings.of(person_id, part, with_reason=is_lead)

    @router.get("/cohorts/{cohort_id}/standings")
    async def of_cohort(
        cohort_id: Annotated[CohortId, Path()], reader: Reader
    ) -> StandingsView:
        """Return where everybody stands whose judgements of the cohort arrived."""
        reader.require(LEAD, "auditor")
        await blindness.require(reader.person_id, cohort_id)
        return await standings.of_cohort(cohort_id, with_reasons=reader.may(LEAD))

    @router.get("/cohorts/{cohort_id}/held")
    async def held(cohort_id: Annotated[CohortId, Path()], reader: Reader) -> HeldView:
        """Return what no release takes along: its reviewer is paused."""
        reader.require(LEAD, "auditor")
        await blindness.require(reader.person_id, cohort_id)
        return await standings.held(cohort_id, with_reasons=reader.may(LEAD))

    return router
