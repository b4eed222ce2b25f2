"""Lanes that wait because a message of theirs could not be handled."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.operations.api.readers import READERS
from services.operations.handlers import Desk
from shared.messaging import ParkedLane, ParkedLanes
from shared.web.cursors import moment_and_id
from shared.web.requests import (
    Ask,
    MalformedCursorError,
    Page,
    PageWanted,
    Paging,
    Reader,
    posted,
)

_START = (datetime(1, 1, 1, tzinfo=UTC), str(UUID(int=0)))


class Reason(BaseModel):
    """Why an operator decides so; sealed before it is stored."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=5, max_length=500)]


def lanes_router(desk: Desk, lanes: ParkedLanes) -> APIRouter:
    """Return the list of parked lanes, and the decisions about them."""
    router = APIRouter(tags=["operations"])

    @router.get("/parked")
    async def parked(reader: Reader, page: Paging) -> Page[ParkedLane]:
        """Return the lanes that wait, longest parked first; never what waits."""
        reader.require(*READERS)
        rows = await lanes.list(after=_after(page), limit=page.limit + 1)
        return page.of(rows, key=lambda row: (row.parked_at.isoformat(), row.lane_id))

    @router.post("/parked/{lane_id}/release", status_code=202)
    async def release(lane_id: str, body: Reason, ask: Ask) -> JSONResponse:
        """Let the lane be handled again, in order."""
        ask.require("operations")
        return posted(await desk.release(lane_id, body.reason, ask.cause))

    @router.post("/parked/{lane_id}/discard", status_code=202)
    async def discard(lane_id: str, body: Reason, ask: Ask) -> JSONResponse:
        """Give up the first message; what waits behind it stays parked."""
        ask.require("operations")
        return posted(await desk.discard(lane_id, body.reason, ask.cause))

    return router


def _after(page: PageWanted) -> tuple[datetime, UUID]:
    parked_at, lane_id = moment_and_id(page.after, start=_START)
    try:
        return parked_at, UUID(lane_id)
    except ValueError:
        raise MalformedCursorError from None
