"""Moderation over HTTP: translation only, no rules."""

from fastapi import APIRouter

from services.moderation.api.blindness import blindness_router
from services.moderation.api.cases import cases_router
from services.moderation.api.cohorts import cohorts_router
from services.moderation.api.cover import cover_router
from services.moderation.api.drafts import case_drafts_router
from services.moderation.api.draws import draws_router
from services.moderation.api.portfolio import portfolio_router
from services.moderation.api.qualifications import qualifications_router
from services.moderation.api.queue import queue_router
from services.moderation.api.rechecks import rechecks_router
from services.moderation.api.reports import reports_router
from services.moderation.api.seeds import seeds_router
from services.moderation.api.standings import standings_router
from services.moderation.handlers import (
    Blindness,
    Cases,
    Disclosure,
    Drafting,
    Exports,
    Plans,
    Pools,
    QualificationShowing,
    Qualifying,
    Rechecks,
    Releases,
    Reports,
    SeedShowing,
    Showing,
    Standings,
)
from shared.clock import Clock
from shared.database import Pool
from shared.drafts import Drafts
from shared.web.confirming import confirming_router
from shared.web.leading import leading_router


def build_router(  # noqa: PLR0913 - everything that routes need, named
    *,
    plans: Plans,
    releases: Releases,
    cases: Cases,
    blindness: Blindness,
    showing: Showing,
    drafting: Drafting,
    drafts: Drafts,
    standings: Standings,
    rechecks: Rechecks,
    disclosure: Disclosure,
    exports: Exports,
    reports: Reports,
    pools: Pools,
    seeds: SeedShowing,
    qualifying: Qualifying,
    courses: QualificationShowing,
    pool: Pool,
    clock: Clock,
) -> APIRouter:
    """Return the routes of moderation; every effect they need is a parameter."""
    router = APIRouter()
    router.include_router(cohorts_router(plans, releases, disclosure, clock))
    router.include_router(blindness_router(blindness, clock))
    router.include_router(cover_router(showing, pool))
    router.include_router(draws_router(exports, disclosure, blindness))
    router.include_router(queue_router(showing, pool, clock))
    router.include_router(cases_router(cases, showing, blindness, clock))
    router.include_router(portfolio_router(showing, clock))
    router.include_router(case_drafts_router(drafting, drafts, clock))
    router.include_router(reports_router(reports, blindness))
    router.include_router(standings_router(standings, blindness, clock))
    router.include_router(rechecks_router(rechecks, blindness, clock))
    router.include_router(seeds_router(pools, seeds, clock))
    router.include_router(qualifications_router(qualifying, courses, blindness, clock))
    router.include_router(confirming_router(disclosure.is_still_true))
    router.include_router(leading_router(disclosure.lead_of))
    return router
