"""What everybody has to judge, for the office and the lead; and one's own work."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.review.api.allocating import ALLOCATORS
from services.review.read_models import (
    NOBODY,
    START,
    OverdueRow,
    ReferredRow,
    ShareRow,
    WorkRow,
    overdue_reviews,
    referred_reviews,
    shares_of,
    work_of,
)
from shared.clock import Clock
from shared.database import Pool
from shared.vocabulary import CohortId
from shared.web.cursors import moment_and_id
from shared.web.requests import (
    LARGEST_PAGE,
    MalformedCursorError,
    Page,
    Paging,
    Reader,
)

OfCohort = Annotated[CohortId | None, Query(alias="cohort")]


class OwnShares(BaseModel):
    """What one has, by cohort."""

    items: list[ShareRow]


def work_router(pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of workloads."""
    router = APIRouter(tags=["work"])
    _add_office(router, pool, clock)
    _add_referrals(router, pool)
    _add_own(router, pool, clock)
    return router


def _add_office(router: APIRouter, pool: Pool, clock: Clock) -> None:
    @router.get("/workloads")
    async def workloads(
        reader: Reader, page: Paging, cohort: OfCohort = None
    ) -> Page[ShareRow]:
        """Return what each reviewer has of each cohort."""
        reader.require(*ALLOCATORS, "auditor")
        rows = await shares_of(
            pool,
            now=clock(),
            after=_share_after(page.after),
            cohort_id=cohort,
            limit=page.limit + 1,
        )
        return page.of(rows, key=lambda row: (row.reviewer_id, row.cohort_id))

    @router.get("/overdue")
    async def overdue(
        reader: Reader, page: Paging, cohort: OfCohort = None
    ) -> Page[OverdueRow]:
        """Return what was not judged in time, and whose it is."""
        reader.require(*ALLOCATORS, "auditor")
        rows = await overdue_reviews(
            pool,
            now=clock(),
            but_of=reader.person_id,
            after=moment_and_id(page.after, start=START),
            cohort_id=cohort,
            limit=page.limit + 1,
        )
        return page.of(rows, key=lambda row: (row.due_at.isoformat(), row.review_id))


def _add_referrals(router: APIRouter, pool: Pool) -> None:
    @router.get("/referrals")
    async def referrals(reader: Reader, page: Paging) -> Page[ReferredRow]:
        """Return what waits for the lead to say who judges it."""
        reader.require("lead_moderator", "operations", "auditor")
        rows = await referred_reviews(
            pool,
            but_of=reader.person_id,
            after=moment_and_id(page.after, start=START),
            limit=page.limit + 1,
        )
        return page.of(
            rows, key=lambda row: (row.referred_at.isoformat(), row.review_id)
        )


def _add_own(router: APIRouter, pool: Pool, clock: Clock) -> None:
    @router.get("/work")
    async def work(reader: Reader, page: Paging) -> Page[WorkRow]:
        """Return what is, or was, one's own, what is due first at the top."""
        reader.require("reviewer")
        rows = await work_of(
            pool,
            reader.person_id,
            now=clock(),
            after=moment_and_id(page.after, start=START),
            limit=page.limit + 1,
        )
        return page.of(rows, key=lambda row: (row.due_at.isoformat(), row.review_id))

    @router.get("/work/summary")
    async def summary(reader: Reader, _: Paging) -> OwnShares:
        """Return how much one has, by cohort."""
        reader.require("reviewer")
        rows = await shares_of(
            pool, now=clock(), reviewer_id=reader.person_id, limit=LARGEST_PAGE
        )
        return OwnShares(items=rows)


def _share_after(key: tuple[str, ...]) -> tuple[str, str]:
    match key:
        case ():
            return NOBODY
        case (reviewer_id, cohort_id):
            return reviewer_id, cohort_id
        case _:
            raise MalformedCursorError
