"""Adjustments and queries: what participant and office arrange."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.submission.api.asking import (
    Case,
    Reason,
    Text,
    asking,
    office,
    reading,
)
from services.submission.api.cohorts import Deadline
from services.submission.domain.events import ExtraDays, Side, VivaArrangement
from services.submission.handlers import (
    Adjustments,
    Agreement,
    Item,
    Queries,
    ReadAdjustment,
    ReadQuery,
    Who,
)
from shared.clock import Clock
from shared.london import london_day
from shared.web.requests import Ask, Asked, Reader, posted

ItemId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Said(_Body):
    """What somebody writes to the other side."""

    text: Text


class Explained(_Body):
    """What a participant needs, or why it is not agreed, in words for them."""

    details: Text


class Granted(_Body):
    """What is agreed about it."""

    extra_days: tuple[ExtraDays, ...] = ()
    viva: tuple[VivaArrangement, ...] = ()
    until: Deadline
    details: Text


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
    adjustments: Adjustments, queries: Queries, clock: Clock
) -> APIRouter:
    """Return the routes of what participant and office arrange."""
    router = APIRouter(tags=["arrangements"])
    _add_adjustments(router, adjustments, clock)
    _add_queries(router, queries, clock)
    return router


def _add_adjustments(router: APIRouter, adjustments: Adjustments, clock: Clock) -> None:
    @router.post("/cases/{case_id}/adjustments/{item_id}", status_code=201)
    async def ask_for(
        case_id: Case, item_id: ItemId, body: Explained, ask: Ask
    ) -> JSONResponse:
        item = _item(case_id, item_id, ask, asking(ask), clock())
        return posted(await adjustments.ask(item, body.details))

    @router.post("/cases/{case_id}/adjustments/{item_id}/agreement")
    async def agree(
        case_id: Case, item_id: ItemId, body: Granted, ask: Ask
    ) -> JSONResponse:
        item = _item(case_id, item_id, ask, office(ask), clock())
        agreement = Agreement(**dict(body))
        return posted(await adjustments.agree(item, agreement))

    @router.post("/cases/{case_id}/adjustments/{item_id}/refusal")
    async def decline(
        case_id: Case, item_id: ItemId, body: Explained, ask: Ask
    ) -> JSONResponse:
        item = _item(case_id, item_id, ask, office(ask), clock())
        return posted(await adjustments.decline(item, body.details))

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
        day = on or london_day(clock())
        return ArrangementsView(viva=await adjustments.arrangements(case_id, day))


def _add_queries(router: APIRouter, queries: Queries, clock: Clock) -> None:
    @router.post("/cases/{case_id}/queries/{item_id}", status_code=201)
    async def ask_query(
        case_id: Case, item_id: ItemId, body: Said, ask: Ask
    ) -> JSONResponse:
        item = _item(case_id, item_id, ask, asking(ask), clock())
        return posted(await queries.ask(item, body.text))

    @router.post("/cases/{case_id}/queries/{item_id}/answer")
    async def answer_query(
        case_id: Case, item_id: ItemId, body: Said, ask: Ask
    ) -> JSONResponse:
        item = _item(case_id, item_id, ask, asking(ask), clock())
        return posted(await queries.answer(item, body.text))

    @router.get("/cases/{case_id}/queries")
    async def show(
        case_id: Case, reader: Reader, reason: Reason = None
    ) -> list[QueryView]:
        who = reading(reader)
        found = await queries.read(case_id, who=who, reason=reason)
        return [_query(each) for each in found]


def _item(case_id: str, item_id: str, ask: Asked, who: Who, at: datetime) -> Item:
    return Item(case_id=case_id, item_id=item_id, who=who, at=at, cause=ask.cause)


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
