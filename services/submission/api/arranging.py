"""Adjustments, queries, withdrawal and the fee of a restart."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
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
from services.submission.api.cohorts import Deadline
from services.submission.domain.closing import day_of
from services.submission.domain.events import ExtraDays, Side, VivaArrangement
from services.submission.handlers import (
    Adjustments,
    Agreement,
    Following,
    Queries,
    ReadAdjustment,
    ReadQuery,
)
from shared.clock import Clock
from shared.web.requests import Ask, Reader, posted

ItemId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
MOST_PENCE = 100_000_000
"""A million pounds: more is a slip of the keyboard (P)."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Said(_Body):
    """What somebody writes to the other side."""

    text: Text


class Needs(_Body):
    """What a participant needs."""

    details: Text


class Granted(_Body):
    """What is agreed about it."""

    extra_days: tuple[ExtraDays, ...] = ()
    viva: tuple[VivaArrangement, ...] = ()
    until: Deadline
    details: Text


class Declined(_Body):
    """Why it is not agreed, in words for the participant."""

    details: Text


class Fee(_Body):
    """What was paid."""

    amount_pence: Annotated[int, Field(ge=0, le=MOST_PENCE)]


class AdjustmentView(BaseModel):
    """An adjustment; texts are null once the person was erased."""

    adjustment_id: str
    asked: str | None
    is_agreed: bool
    agreed: str | None
    is_declined: bool
    """True until it is agreed all the same."""
    declined: str | None
    extra_days: tuple[ExtraDays, ...]
    viva: tuple[VivaArrangement, ...]
    until: date | None


class QueryView(BaseModel):
    """A question and its answer; texts are null once the person was erased."""

    query_id: str
    asked_by: Side
    text: str | None
    is_answered: bool
    answer: str | None


class ArrangementsView(BaseModel):
    """What a viva has to provide."""

    viva: tuple[VivaArrangement, ...]


def arranging_router(
    adjustments: Adjustments, queries: Queries, following: Following, clock: Clock
) -> APIRouter:
    """Return the routes of what participant and office arrange."""
    router = APIRouter(tags=["arrangements"])
    _add_adjustments(router, adjustments, clock)
    _add_queries(router, queries, clock)
    _add_endings(router, following, clock)
    return router


def _add_adjustments(router: APIRouter, adjustments: Adjustments, clock: Clock) -> None:
    @router.post("/cases/{case_id}/adjustments/{item_id}", status_code=201)
    async def ask_for(
        case_id: Case, item_id: ItemId, body: Needs, ask: Ask
    ) -> JSONResponse:
        who = asking(ask)
        handled = await adjustments.ask(
            case_id, item_id, body.details, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/adjustments/{item_id}/agreement")
    async def agree(
        case_id: Case, item_id: ItemId, body: Granted, ask: Ask
    ) -> JSONResponse:
        who = office(ask)
        agreement = Agreement(
            extra_days=body.extra_days,
            viva=body.viva,
            until=body.until,
            details=body.details,
        )
        handled = await adjustments.agree(
            case_id, item_id, agreement, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/adjustments/{item_id}/refusal")
    async def decline(
        case_id: Case, item_id: ItemId, body: Declined, ask: Ask
    ) -> JSONResponse:
        who = office(ask)
        handled = await adjustments.decline(
            case_id, item_id, body.details, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.get("/cases/{case_id}/adjustments")
    async def show(
        case_id: Case, reader: Reader, reason: Reason = None
    ) -> list[AdjustmentView]:
        who = reading(reader)
        found = await adjustments.read(case_id, who=who, reason=reason)
        return [_adjustment(each) for each in found]

    @router.get("/internal/cases/{case_id}/arrangements")
    async def arrangements(
        case_id: Case, reader: Reader, on: Annotated[date | None, Query()] = None
    ) -> ArrangementsView:
        """Return what a viva on the day *on*, or today, has to provide; never why."""
        reader.require_service("viva")
        day = on or day_of(clock())
        return ArrangementsView(viva=await adjustments.arrangements(case_id, day))


def _add_queries(router: APIRouter, queries: Queries, clock: Clock) -> None:
    @router.post("/cases/{case_id}/queries/{item_id}", status_code=201)
    async def ask_query(
        case_id: Case, item_id: ItemId, body: Said, ask: Ask
    ) -> JSONResponse:
        who = asking(ask)
        handled = await queries.ask(
            case_id, item_id, body.text, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/queries/{item_id}/answer")
    async def answer_query(
        case_id: Case, item_id: ItemId, body: Said, ask: Ask
    ) -> JSONResponse:
        who = asking(ask)
        handled = await queries.answer(
            case_id, item_id, body.text, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.get("/cases/{case_id}/queries")
    async def show(
        case_id: Case, reader: Reader, reason: Reason = None
    ) -> list[QueryView]:
        who = reading(reader)
        found = await queries.read(case_id, who=who, reason=reason)
        return [_query(each) for each in found]


def _add_endings(router: APIRouter, following: Following, clock: Clock) -> None:
    @router.post("/cases/{case_id}/withdrawal")
    async def withdraw(case_id: Case, ask: Ask) -> JSONResponse:
        who = asking(ask)
        handled = await following.withdraw(
            case_id, who=who, at=clock(), cause=ask.cause
        )
        return posted(handled)

    @router.post("/cases/{case_id}/fee")
    async def pay(case_id: Case, body: Fee, ask: Ask) -> JSONResponse:
        who = office(ask)
        handled = await following.record_fee(
            case_id,
            body.amount_pence,
            by=who.person_id,
            at=clock(),
            cause=ask.cause,
        )
        return posted(handled)


def _adjustment(found: ReadAdjustment) -> AdjustmentView:
    agreed, declined = found.adjustment.agreed, found.adjustment.declined
    return AdjustmentView(
        adjustment_id=found.adjustment.asked.adjustment_id,
        asked=found.asked,
        is_agreed=agreed is not None,
        agreed=found.agreed,
        is_declined=declined is not None and agreed is None,
        declined=found.declined,
        extra_days=agreed.extra_days if agreed else (),
        viva=agreed.viva if agreed else (),
        until=agreed.until if agreed else None,
    )


def _query(found: ReadQuery) -> QueryView:
    return QueryView(
        query_id=found.query.asked.query_id,
        asked_by=found.query.asked.asked_by,
        text=found.text,
        is_answered=found.query.answered is not None,
        answer=found.answer,
    )
