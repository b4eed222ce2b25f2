"""Review over HTTP: translation only, no rules."""

from fastapi import APIRouter

from services.review.api.allocating import CaughtUp, allocating_router
from services.review.api.comparing import comparing_router
from services.review.api.conflicts import conflicts_router
from services.review.api.drafts import own_words_router
from services.review.api.judging import judging_router
from services.review.api.moving import moving_router
from services.review.api.overriding import overriding_router
from services.review.api.phrases import phrases_router
from services.review.api.queue import queue_router
from services.review.api.reading import reading_router
from services.review.api.recalling import recalling_router
from services.review.api.work import work_router
from services.review.handlers import (
    Allocating,
    Claims,
    Comparing,
    Confirming,
    Conflicts,
    Drafting,
    Moving,
    Opening,
    Overriding,
    Recalling,
    Reviewers,
    Reviews,
)
from shared.clock import Clock
from shared.database import Pool
from shared.drafts import Drafts
from shared.web.confirming import confirming_router


def build_router(  # noqa: PLR0913 - everything that routes need, named
    *,
    claims: Claims,
    reviews: Reviews,
    recalling: Recalling,
    reviewers: Reviewers,
    opening: Opening,
    allocating: Allocating,
    moving: Moving,
    overriding: Overriding,
    conflicts: Conflicts,
    comparing: Comparing,
    confirming: Confirming,
    drafting: Drafting,
    drafts: Drafts,
    pool: Pool,
    caught_up: CaughtUp,
    clock: Clock,
) -> APIRouter:
    """Return the routes of review; every effect they need is a parameter."""
    router = APIRouter()
    router.include_router(queue_router(reviewers, pool, clock))
    router.include_router(judging_router(claims, reviews, clock))
    router.include_router(reading_router(opening, moving, clock))
    router.include_router(own_words_router(drafting, drafts, clock))
    router.include_router(moving_router(moving, clock))
    router.include_router(conflicts_router(conflicts, pool, clock))
    router.include_router(overriding_router(overriding, clock))
    router.include_router(recalling_router(recalling, pool, clock))
    router.include_router(allocating_router(allocating, pool, caught_up, clock))
    router.include_router(work_router(pool, clock))
    router.include_router(phrases_router(opening, clock))
    router.include_router(comparing_router(comparing, clock))
    router.include_router(
        confirming_router(confirming.is_still_true, confirming.course_of)
    )
    return router
