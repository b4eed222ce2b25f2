"""Applications, eligibility, enrolment, mentors, restarts."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.submission.api.asking import (
    Case,
    Reason,
    Text,
    asking,
    office,
    reading,
)
from services.submission.domain.events import Eligibility
from services.submission.handlers import Applications, Enrolments, Queries
from shared.clock import Clock
from shared.errors import ForbiddenError
from shared.vocabulary import CaseId, CohortId, PersonId
from shared.web.requests import Ask, Asked, Reader, posted

Requirement = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewApplication(_Body):
    """The form: what the applicant says to each requirement of the programme."""

    cohort_id: CohortId
    person_id: PersonId
    answers: Annotated[dict[Requirement, Text], Field(max_length=50)]


class PanelDecision(_Body):
    """What the eligibility panel decided."""

    decision: Eligibility
    reason: Requirement | None = None
    """Key of the requirement that is not met; none for who is eligible."""


class NewCase(_Body):
    """Somebody takes part in a cohort."""

    cohort_id: CohortId
    person_id: PersonId
    mentor_id: PersonId | None = None


class Mentor(_Body):
    """Somebody in the directory who supports a participant."""

    mentor_id: PersonId


class NextCohort(_Body):
    """Where a case begins anew."""

    cohort_id: CohortId


class ApplicationView(BaseModel):
    """An application, as its applicant or the panel reads it."""

    case_id: CaseId
    person_id: PersonId
    cohort_id: CohortId
    programme: str
    answers: dict[str, str] | None
    """None once the person was erased."""
    decision: Eligibility | None
    reason: str | None


def entering_router(
    applications: Applications, enrolments: Enrolments, queries: Queries, clock: Clock
) -> APIRouter:
    """Return the routes by which somebody comes to take part."""
    router = APIRouter(tags=["taking part"])
    _add_applications(router, applications, queries, clock)
    _add_enrolment(router, enrolments, clock)
    _add_mentors(router, enrolments, clock)
    return router


def _add_applications(
    router: APIRouter, applications: Applications, queries: Queries, clock: Clock
) -> None:
    @router.post("/applications", status_code=201)
    async def apply(body: NewApplication, ask: Ask) -> JSONResponse:
        _for_oneself(ask, body.person_id)
        handled = await applications.apply(
            body.cohort_id, body.person_id, body.answers, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.post("/applications/{case_id}/decision")
    async def decide(case_id: Case, body: PanelDecision, ask: Ask) -> JSONResponse:
        who = office(ask)
        handled = await applications.decide(
            case_id,
            body.decision,
            body.reason,
            by=who.person_id,
            at=clock(),
            cause=ask.cause,
        )
        return posted(handled)

    @router.get("/applications/{case_id}")
    async def show(
        case_id: Case, reader: Reader, reason: Reason = None
    ) -> ApplicationView:
        who = reading(reader)
        found, answers = await queries.application(case_id, who=who, reason=reason)
        decided = found.eligibility
        return ApplicationView(
            case_id=case_id,
            person_id=found.application.person_id,
            cohort_id=found.application.cohort_id,
            programme=found.application.programme,
            answers=answers,
            decision=decided.decision if decided else None,
            reason=decided.reason if decided else None,
        )


def _add_enrolment(router: APIRouter, enrolments: Enrolments, clock: Clock) -> None:
    @router.post("/cases", status_code=201)
    async def enrol(body: NewCase, ask: Ask) -> JSONResponse:
        _for_oneself(ask, body.person_id)
        handled = await enrolments.enrol(
            body.cohort_id,
            body.person_id,
            mentor_id=body.mentor_id,
            who=asking(ask),
            at=clock(),
            cause=ask.cause,
        )
        return posted(handled)

    @router.post("/cases/{case_id}/restart", status_code=201)
    async def restart(case_id: Case, body: NextCohort, ask: Ask) -> JSONResponse:
        who = asking(ask)
        handled = await enrolments.restart(
            case_id, body.cohort_id, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)


def _add_mentors(router: APIRouter, enrolments: Enrolments, clock: Clock) -> None:
    @router.post("/cases/{case_id}/mentor")
    async def nominate(case_id: Case, body: Mentor, ask: Ask) -> JSONResponse:
        who = asking(ask)
        answer = {"case_id": case_id, "mentor_id": body.mentor_id}
        cause = ask.cause.answer(200, answer)
        handled = await enrolments.nominate(
            case_id, body.mentor_id, who=who, at=clock(), cause=cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/mentor/request")
    async def ask_for_mentor(case_id: Case, ask: Ask) -> JSONResponse:
        who = asking(ask)
        cause = ask.cause.answer(200, {"case_id": case_id})
        handled = await enrolments.ask_for_mentor(
            case_id, who=who, at=clock(), cause=cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/mentor/appointment")
    async def appoint(case_id: Case, body: Mentor, ask: Ask) -> JSONResponse:
        who = office(ask)
        answer = {"case_id": case_id, "mentor_id": body.mentor_id}
        cause = ask.cause.answer(200, answer)
        handled = await enrolments.appoint(
            case_id, body.mentor_id, who=who, at=clock(), cause=cause
        )
        return posted(handled)


def _for_oneself(ask: Asked, person_id: str) -> None:
    who = asking(ask)
    if who.side == "participant" and who.person_id != person_id:
        message = "A participant speaks for themself: use your own person id."
        raise ForbiddenError(message)
