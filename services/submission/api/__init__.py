"""Submission over HTTP: translation only, no rules."""

from fastapi import APIRouter

from services.submission.api.cases import cases_router
from services.submission.api.cohorts import cohorts_router
from services.submission.api.life import Life, life_router
from services.submission.api.people import people_router
from services.submission.api.portfolios import portfolios_router
from services.submission.handlers import Addressees, Cases, Cohorts, People
from shared.clock import Clock
from shared.database import Pool

__all__ = ["Life", "build_router", "life_router", "portfolios_router"]


def build_router(
    *,
    cohorts: Cohorts,
    people: People,
    addressees: Addressees,
    cases: Cases,
    pool: Pool,
    clock: Clock,
) -> APIRouter:
    """Return the routes of the directory, cohorts and cases."""
    router = APIRouter()
    router.include_router(cohorts_router(cohorts, pool, clock))
    router.include_router(people_router(people, addressees, pool, clock))
    router.include_router(cases_router(cases, pool, clock))
    return router
