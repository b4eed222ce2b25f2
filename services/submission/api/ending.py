"""How a case ends or goes on: withdrawal, and the fee of a restart."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.submission.api.asking import Case, asking, office
from services.submission.handlers import Following
from shared.clock import Clock
from shared.web.requests import Ask, posted

MOST_PENCE = 100_000_000
"""A million pounds: more is a slip of the keyboard (P)."""


class Fee(BaseModel):
    """What was paid."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    amount_pence: Annotated[int, Field(ge=0, le=MOST_PENCE)]


def ending_router(following: Following, clock: Clock) -> APIRouter:
    """Return the routes of how a case ends."""
    router = APIRouter(tags=["arrangements"])

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

    return router
