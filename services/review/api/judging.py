"""Claiming and judging: every write shows the token of the claim."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.review.domain.events import ClaimExtended, Completed
from services.review.handlers import (
    Claims,
    CriterionWords,
    FeedbackWords,
    Reviews,
    Shown,
)
from shared.clock import Clock
from shared.decider import Fact
from shared.handling import Cause, Ids
from shared.vocabulary import CriterionKey
from shared.web.requests import Ask, Asked, posted

ReviewId = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[12]\.[1-9][0-9]{0,2}$")
]
"""``{case}.{attempt}.{n}``."""
FencingToken = Annotated[int | None, Header(ge=1, lt=2**31)]
"""The token that the claim answered with."""


class Completion(BaseModel):
    """How the reviewer sees the outcome that the levels lead to."""

    model_config = ConfigDict(extra="forbid")

    borderline: bool = False


def judging_router(claims: Claims, reviews: Reviews, clock: Clock) -> APIRouter:
    """Return the routes that change a review."""
    router = APIRouter(prefix="/reviews/{review_id}", tags=["reviews"])
    _add_claims(router, claims, clock)
    _add_judgements(router, reviews, clock)
    return router


def _add_claims(router: APIRouter, claims: Claims, clock: Clock) -> None:
    @router.post("/claim", status_code=201)
    async def claim(review_id: ReviewId, ask: Ask) -> JSONResponse:
        shown = _shown(review_id, ask, None, clock)
        return posted(await claims.claim(shown, ask.cause))

    @router.post("/extend")
    async def extend(
        review_id: ReviewId, ask: Ask, fencing_token: FencingToken = None
    ) -> JSONResponse:
        shown = _shown(review_id, ask, fencing_token, clock)
        return posted(await claims.extend(shown, _answering(ask, review_id)))

    @router.post("/release")
    async def release(
        review_id: ReviewId, ask: Ask, fencing_token: FencingToken = None
    ) -> JSONResponse:
        shown = _shown(review_id, ask, fencing_token, clock)
        return posted(await claims.release(shown, _answering(ask, review_id)))


def _add_judgements(router: APIRouter, reviews: Reviews, clock: Clock) -> None:
    @router.post("/criteria/{criterion}")
    async def judge(
        review_id: ReviewId,
        criterion: CriterionKey,
        body: CriterionWords,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        shown = _shown(review_id, ask, fencing_token, clock)
        cause = _answering(ask, review_id)
        return posted(await reviews.judge(shown, criterion, body, cause))

    @router.post("/feedback")
    async def draft_feedback(
        review_id: ReviewId,
        body: FeedbackWords,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        shown = _shown(review_id, ask, fencing_token, clock)
        cause = _answering(ask, review_id)
        return posted(await reviews.draft_feedback(shown, body, cause))

    @router.post("/complete")
    async def complete(
        review_id: ReviewId,
        body: Completion,
        ask: Ask,
        fencing_token: FencingToken = None,
    ) -> JSONResponse:
        shown = _shown(review_id, ask, fencing_token, clock)
        cause = _answering(ask, review_id)
        return posted(
            await reviews.complete(shown, borderline=body.borderline, cause=cause)
        )


def _shown(review_id: str, ask: Asked, token: int | None, clock: Clock) -> Shown:
    ask.require("reviewer")
    return Shown(
        review_id=review_id,
        reviewer_id=ask.identity.person_id,
        token=token,
        at=clock(),
    )


def _answering(ask: Asked, review_id: str) -> Cause:
    """Return the cause; its answer tells the new end of the lease, or the outcome."""

    def ids(facts: tuple[Fact, ...]) -> Ids:
        answer: dict[str, str | int | bool | None] = {"review_id": review_id}
        for fact in facts:
            if isinstance(fact, ClaimExtended):
                answer["lease_ends_at"] = fact.lease_ends_at.isoformat()
            if isinstance(fact, Completed):
                answer["outcome"] = fact.outcome
        return answer

    return ask.cause.answer(200, ids)
