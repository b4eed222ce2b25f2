"""Holds: the clocks of a case stand still, and run on."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.operations.api.readers import READERS
from services.operations.domain.decide import desk as desk_decider
from services.operations.domain.events import HoldReason
from services.operations.handlers import Desk, hold_stream
from shared.vocabulary import CaseId
from shared.web.requests import Ask, Reader, posted

CasePath = Annotated[CaseId, Path()]
HoldPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[1-9][0-9]{0,2}$")]
"""``{case}.{n}``."""


class PlaceHoldBody(BaseModel):
    """Why the clocks are to stand still, as a code: details belong elsewhere."""

    model_config = ConfigDict(extra="forbid")

    reason: HoldReason


class HoldLine(BaseModel):
    """One hold of a case."""

    hold_id: str
    reason: HoldReason
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str | None


def holds_router(desk: Desk) -> APIRouter:
    """Return the routes of holds."""
    router = APIRouter(prefix="/cases/{case_id}/holds", tags=["operations"])

    @router.get("")
    async def holds(case_id: CasePath, reader: Reader) -> list[HoldLine]:
        """Return every hold of a case, oldest first."""
        reader.require(*READERS)
        _, state = await desk.handling.fold(desk_decider, hold_stream(case_id))
        lifted = {each.hold_id: each for each in state.lifted}
        return [
            HoldLine(
                hold_id=each.hold_id,
                reason=each.reason,
                placed_at=each.occurred_at,
                placed_by=each.by,
                lifted_at=end.occurred_at if end else None,
                lifted_by=end.by if end else None,
            )
            for each in state.holds
            for end in (lifted.get(each.hold_id),)
        ]

    @router.post("", status_code=201)
    async def place(case_id: CasePath, body: PlaceHoldBody, ask: Ask) -> JSONResponse:
        """Let the clocks of a case stand still."""
        ask.require("operations")
        return posted(await desk.place_hold(case_id, body.reason, ask.cause))

    @router.post("/{hold_id}/lift")
    async def lift(case_id: CasePath, hold_id: HoldPath, ask: Ask) -> JSONResponse:
        """Let the clocks of a case run on."""
        ask.require("operations")
        return posted(await desk.lift_hold(case_id, hold_id, ask.cause))

    return router
