"""The routes of the life of a case, from application to restart."""

from dataclasses import dataclass

from fastapi import APIRouter

from services.submission.api.arranging import arranging_router
from services.submission.api.clocks import clocks_router
from services.submission.api.ending import ending_router
from services.submission.api.entering import entering_router
from services.submission.handlers import (
    Adjustments,
    Applications,
    Enrolments,
    Following,
    Queries,
    Timekeeping,
)
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that can be asked of a case beside its portfolio."""

    applications: Applications
    enrolments: Enrolments
    adjustments: Adjustments
    queries: Queries
    following: Following
    timekeeping: Timekeeping


def life_router(life: Life, clock: Clock) -> APIRouter:
    """Return the routes of taking part, arrangements and clocks."""
    router = APIRouter()
    router.include_router(
        entering_router(life.applications, life.enrolments, life.queries, clock)
    )
    router.include_router(arranging_router(life.adjustments, life.queries, clock))
    router.include_router(ending_router(life.following, clock))
    router.include_router(clocks_router(life.timekeeping, clock))
    return router
