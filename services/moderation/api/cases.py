"""Taking a case, judging it blind, deciding it, and what may be seen of it."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from services.moderation.api.asking import AttemptPath, CasePath, FencingToken, shown
from services.moderation.domain.decisions import DecisionWords
from services.moderation.domain.events import TakeExtended, Taken
from services.moderation.handlers import (
    AuditedCase,
    Blindness,
    BlindWords,
    Cases,
    ComparedCase,
    HeldCase,
    LeadCase,
    Showing,
    audited_case,
)
from shared.clock import Clock
from shared.decider import Fact
from shared.handling import Ids
from shared.web.requests import Ask, Reader, posted


def cases_router(
    cases: Cases, showing: Showing, blindness: Blindness, clock: Clock
) -> APIRouter:
    """Return the routes of one case."""
    router = APIRouter(prefix="/cases/{case_id}/{attempt}", tags=["cases"])
    _add_moderating(router, cases, clock)
    _add_deciding(router, cases, clock)
    _add_reading(router, showing, blindness, clock)
    return router


def _add_moderating(router: APIRouter, cases: Cases, clock: Clock) -> None:
    @router.post("/take", status_code=201)
    async def take(case_id: CasePath, attempt: AttemptPath, ask: Ask) -> JSONResponse:
        ask.require("moderator")
        asked = shown(case_id, attempt, ask.identity, clock)
        return posted(await cases.take(asked, ask.cause.answer(201, _hold)))

    @router.post("/hand-back")
    async def hand_back(
        case_id: CasePath,
        attempt: AttemptPath,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        ask.require("moderator")
        asked = shown(case_id, attempt, ask.identity, clock, fencing_token)
        cause = ask.cause.answer(200, {"case_id": case_id, "attempt": attempt})
        return posted(await cases.hand_back(asked, cause))

    @router.post("/judgement", status_code=201)
    async def judge(
        case_id: CasePath,
        attempt: AttemptPath,
        body: BlindWords,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        ask.require("moderator")
        asked = shown(case_id, attempt, ask.identity, clock, fencing_token)
        cause = ask.cause.answer(201, {"case_id": case_id, "attempt": attempt})
        return posted(await cases.judge(asked, body, cause))


def _add_deciding(router: APIRouter, cases: Cases, clock: Clock) -> None:
    @router.post("/decision", status_code=201)
    async def decide(
        case_id: CasePath, attempt: AttemptPath, body: DecisionWords, ask: Ask
    ) -> JSONResponse:
        judges = ("moderator",) if body.also_by_judges else ()
        ask.require("lead_moderator", *judges)
        asked = shown(case_id, attempt, ask.identity, clock)
        cause = ask.cause.answer(201, {"case_id": case_id, "attempt": attempt})
        return posted(await cases.decide(asked, body, cause))


def _add_reading(
    router: APIRouter, showing: Showing, blindness: Blindness, clock: Clock
) -> None:
    @router.get("")
    async def show(
        case_id: CasePath, attempt: AttemptPath, reader: Reader
    ) -> HeldCase | ComparedCase | LeadCase | AuditedCase:
        """Return what this reader may see now: marks only after their own.

        Who reads marks for another role does not judge the case, should it ever be
        wanted afresh: that they read it is a fact.
        """
        reader.require("moderator", "lead_moderator", "auditor")
        asked = shown(case_id, attempt, reader, clock)
        case = await showing.opening.fold(asked)
        if not reader.may("moderator", "lead_moderator"):
            audited = audited_case(case)
            await blindness.require_of_case(reader.person_id, audited.cohort_id, case)
            await blindness.note_reading(asked, "auditor")
            return audited
        if not reader.may("lead_moderator"):
            return await showing.case(asked)
        if reader.may("moderator") and await showing.opening.has_part(asked):
            return await showing.case(asked)
        for_lead = await showing.lead_case(asked)
        await blindness.require_of_case(reader.person_id, for_lead.cohort_id, case)
        await blindness.note_reading(asked, "lead_moderator")
        return for_lead


def _hold(facts: tuple[Fact, ...]) -> Ids:
    for fact in facts:
        if isinstance(fact, Taken | TakeExtended):
            return {
                "token": str(fact.token),
                "lease_ends_at": fact.expires_at.isoformat(),
            }
    return {}
