"""Who is to judge what, as operations and the lead moderator decide it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.review.api.judging import ReviewId
from services.review.domain.allocation.commands import WithdrawAllocation
from services.review.domain.allocation.plan import Given, LeftOver, Plan, Share
from services.review.domain.allocation.world import World
from services.review.handlers import Allocating, CatchingUpError, Wanted
from services.review.read_models import Caps, world_of
from shared.clock import Clock
from shared.database import Pool
from shared.vocabulary import CohortId, PersonId, Sha256
from shared.web.requests import Ask, Reader, posted

Cohort = Annotated[CohortId, Path()]
Cap = Annotated[int, Field(ge=0, le=1_000)]
"""Reviews of one cohort that somebody may have in all."""
CaughtUp = Callable[[], Awaitable[bool]]

ALLOCATORS = ("operations", "lead_moderator")


class CapsWanted(BaseModel):
    """How much of the cohort each reviewer may have, what they have included."""

    model_config = ConfigDict(extra="forbid")

    at_most: Cap
    for_reviewers: Annotated[dict[PersonId, Cap], Field(max_length=500)] = {}
    """Other limits for some; 0 leaves somebody out."""

    def caps(self) -> Caps:
        """Return the limits as the world takes them."""
        return Caps(at_most=self.at_most, for_reviewers=self.for_reviewers)


class Application(CapsWanted):
    """A preview that is to be carried out: its limits, and what it was based on."""

    based_on: Sha256


class Choice(BaseModel):
    """Who is to judge a review."""

    model_config = ConfigDict(extra="forbid")

    reviewer_id: PersonId


class Preview(BaseModel):
    """Who would get what; nothing was written."""

    based_on: str
    """Send this to have exactly this carried out."""
    given: tuple[Given, ...]
    shares: tuple[Share, ...]
    """What each reviewer has of the cohort, and how many more they would get."""
    left_over: tuple[LeftOver, ...]
    """What nobody can take: how many reviewers by each reason."""

    @classmethod
    def of(cls, plan: Plan) -> "Preview":
        """Return *plan* for those who decide about it."""
        return cls(
            based_on=plan.based_on,
            given=plan.given,
            shares=plan.shares,
            left_over=plan.left_over,
        )


def allocating_router(
    allocating: Allocating, pool: Pool, caught_up: CaughtUp, clock: Clock
) -> APIRouter:
    """Return the routes of allocations; *caught_up* waits for the read models."""
    router = APIRouter(tags=["allocations"])
    _add_cohorts(router, allocating, partial(_look_up, pool, caught_up), clock)
    _add_reviews(router, allocating, clock)
    return router


async def _look_up(pool: Pool, caught_up: CaughtUp, cohort: str, caps: Caps) -> World:
    if not await caught_up():
        raise CatchingUpError
    return await world_of(pool, cohort, caps)


def _add_cohorts(
    router: APIRouter,
    allocating: Allocating,
    look_up: Callable[[str, Caps], Awaitable[World]],
    clock: Clock,
) -> None:
    @router.post("/cohorts/{cohort_id}/allocations/preview")
    async def preview(cohort_id: Cohort, body: CapsWanted, reader: Reader) -> Preview:
        """Return who would get what of all that is free; nothing is written."""
        reader.require(*ALLOCATORS)
        seen = partial(look_up, cohort_id, body.caps())
        return Preview.of(await allocating.preview(seen, reader.person_id))

    @router.post("/cohorts/{cohort_id}/allocations")
    async def apply(cohort_id: Cohort, body: Application, ask: Ask) -> JSONResponse:
        """Give away what a preview said, unless something changed since."""
        ask.require(*ALLOCATORS)
        wanted = Wanted(based_on=body.based_on, by=ask.identity.person_id, at=clock())
        seen = partial(look_up, cohort_id, body.caps())
        return posted(await allocating.apply(seen, wanted, ask.cause))


def _add_reviews(router: APIRouter, allocating: Allocating, clock: Clock) -> None:
    @router.post("/reviews/{review_id}/allocation")
    async def allocate(review_id: ReviewId, body: Choice, ask: Ask) -> JSONResponse:
        """Keep a review for one reviewer."""
        ask.require(*ALLOCATORS)
        ids = {"review_id": review_id, "reviewer_id": body.reviewer_id}
        return posted(
            await allocating.allocate(
                review_id,
                body.reviewer_id,
                ask.identity.person_id,
                clock(),
                ask.cause.answer(200, ids),
            )
        )

    @router.post("/reviews/{review_id}/allocation/withdrawal")
    async def withdraw(review_id: ReviewId, ask: Ask) -> JSONResponse:
        """Let anybody claim a review again."""
        ask.require(*ALLOCATORS)
        command = WithdrawAllocation(by=ask.identity.person_id, at=clock())
        cause = ask.cause.answer(200, {"review_id": review_id})
        return posted(await allocating.withdraw(review_id, command, cause))
