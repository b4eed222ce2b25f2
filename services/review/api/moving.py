"""From one reviewer to another: handed over, or taken over; and whose a review is."""

from typing import Literal, cast

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.review.api.allocating import ALLOCATORS
from services.review.api.judging import FencingToken, ReviewId
from services.review.handlers import FilledText, Moving, Owner, Referral, Shown, Taking
from shared.clock import Clock
from shared.vocabulary import PersonId
from shared.web.requests import Ask, Reader, posted


class _Move(BaseModel):
    """Why a review changes hands: silent about what was typed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    reason: FilledText


class HandOver(_Move):
    """To which colleague, and why."""

    reviewer_id: PersonId


class TakeOver(_Move):
    """For whom, and why; without a reviewer anybody may claim it."""

    reviewer_id: PersonId | None = None


class ReferralNote(BaseModel):
    """Why one cannot decide: silent about what was typed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    note: FilledText


def moving_router(moving: Moving, clock: Clock) -> APIRouter:
    """Return the routes by which a review changes hands."""
    router = APIRouter(prefix="/reviews/{review_id}", tags=["reviews"])

    @router.post("/hand-over")
    async def hand_over(
        review_id: ReviewId,
        body: HandOver,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        """Give a review that one holds to a colleague who may judge it."""
        ask.require("reviewer")
        shown = Shown(
            review_id=review_id,
            reviewer_id=ask.identity.person_id,
            token=fencing_token,
            at=clock(),
        )
        cause = ask.cause.answer(200, {"review_id": review_id})
        done = await moving.hand_over(shown, body.reviewer_id, body.reason, cause)
        return posted(done)

    @router.post("/take-over")
    async def take_over(review_id: ReviewId, body: TakeOver, ask: Ask) -> JSONResponse:
        """Take a review from who has it; they see that, and by which role."""
        ask.require(*ALLOCATORS)
        taking = Taking(
            review_id=review_id,
            by=ask.identity.person_id,
            by_role=cast('Literal["operations", "lead_moderator"]', ask.cause.role),
            to_id=body.reviewer_id,
            reason=body.reason,
            at=clock(),
        )
        cause = ask.cause.answer(200, {"review_id": review_id})
        return posted(await moving.take_over(taking, cause))

    @router.post("/refer")
    async def refer(
        review_id: ReviewId,
        body: ReferralNote,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        """Ask the lead moderator who is to judge what one cannot decide."""
        ask.require("reviewer")
        shown = Shown(
            review_id=review_id,
            reviewer_id=ask.identity.person_id,
            token=fencing_token,
            at=clock(),
        )
        cause = ask.cause.answer(200, {"review_id": review_id})
        return posted(await moving.refer(shown, body.note, cause))

    @router.get("/referral")
    async def referral(review_id: ReviewId, reader: Reader) -> Referral:
        """Return why a reviewer could not decide."""
        reader.require("lead_moderator")
        return await moving.referral(review_id, reader.person_id)

    @router.get("/owner")
    async def owner(review_id: ReviewId, reader: Reader) -> Owner:
        """Return whose a review is; reviewers never learn that of each other."""
        reader.require(*ALLOCATORS, "auditor")
        return await moving.owner(review_id, reader.person_id, clock())

    return router
