"""Courses by which reviewers qualify: the lead's, and each reviewer's own to read."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from services.moderation.handlers import (
    Blindness,
    CourseAsking,
    EndingWords,
    QualificationShowing,
    Qualifying,
)
from services.moderation.handlers.seeding.course_views import (
    CohortCourses,
    CourseView,
)
from shared.clock import Clock
from shared.vocabulary import CohortId, PersonId, Role
from shared.web.requests import Ask, Reader, posted

LEAD: Role = "lead_moderator"
Cohort = Annotated[CohortId, Path()]
Person = Annotated[PersonId, Path()]


def qualifications_router(
    qualifying: Qualifying,
    showing: QualificationShowing,
    blindness: Blindness,
    clock: Clock,
) -> APIRouter:
    """Return the routes of courses."""
    router = APIRouter(tags=["qualifications"])
    _add_writing(router, qualifying, clock)
    _add_reading(router, showing, blindness)
    return router


def _add_writing(router: APIRouter, qualifying: Qualifying, clock: Clock) -> None:
    @router.post("/cohorts/{cohort_id}/qualifications/{person_id}", status_code=201)
    async def begin(cohort_id: Cohort, person_id: Person, ask: Ask) -> JSONResponse:
        """Let somebody qualify; or go on, once seeds that were lacking are there."""
        ask.require(LEAD)
        asking = _asking(cohort_id, person_id, ask, clock)
        cause = ask.cause.answer(201, {"person_id": person_id})
        return posted(await qualifying.begin(asking, cause))

    @router.post("/cohorts/{cohort_id}/qualifications/{person_id}/ending")
    async def end(
        cohort_id: Cohort, person_id: Person, body: EndingWords, ask: Ask
    ) -> JSONResponse:
        """End a course without a result, so that another can begin."""
        ask.require(LEAD)
        asking = _asking(cohort_id, person_id, ask, clock)
        cause = ask.cause.answer(200, {"person_id": person_id})
        return posted(await qualifying.end(asking, body, cause))


def _add_reading(
    router: APIRouter, showing: QualificationShowing, blindness: Blindness
) -> None:
    @router.get("/cohorts/{cohort_id}/qualifications")
    async def of_cohort(cohort_id: Cohort, reader: Reader) -> CohortCourses:
        """Return who qualifies, has, has not, or has to; not the reader."""
        reader.require(LEAD, "auditor", "operations")
        await blindness.require(reader.person_id, cohort_id)
        return await showing.of_cohort(cohort_id, but_of=reader.person_id)

    @router.get("/cohorts/{cohort_id}/qualifications/{person_id}")
    async def course(
        cohort_id: Cohort, person_id: Person, reader: Reader
    ) -> CourseView:
        """Return the last course of a reviewer, who sees what they may of their own."""
        is_own = person_id == reader.person_id
        own: tuple[Role, ...] = ("reviewer",) if is_own else ()
        reader.require(LEAD, "auditor", *own)
        if not is_own:
            await blindness.require(reader.person_id, cohort_id)
        return await showing.course(cohort_id, person_id, is_own=is_own)


def _asking(cohort_id: str, person_id: str, ask: Ask, clock: Clock) -> CourseAsking:
    by = ask.identity.person_id
    return CourseAsking(cohort_id=cohort_id, person_id=person_id, by=by, at=clock())
