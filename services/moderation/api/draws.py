"""The draws of a cohort for anybody to check, once the key is public.

Invariant: they say what was judged, so nobody reads them who may yet judge blind.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from services.moderation.handlers import Blindness, Disclosure, Exports
from services.moderation.handlers.disclosure import DisclosedDraws, DrawCounts
from shared.vocabulary import CohortId
from shared.web.requests import Reader
from shared.web.streaming import Report, streamed

Cohort = Annotated[CohortId, Path()]
READERS = ("lead_moderator", "auditor", "operations")


def draws_router(
    exports: Exports, disclosure: Disclosure, blindness: Blindness
) -> APIRouter:
    """Return the routes that give and check draws; the latter show their progress."""
    router = APIRouter(tags=["cohorts"])

    @router.get("/cohorts/{cohort_id}/draws")
    async def draws(cohort_id: Cohort, reader: Reader) -> DisclosedDraws | DrawCounts:
        """Return all facts once the key is public; before, counts."""
        reader.require(*READERS)
        is_disclosed = await disclosure.is_disclosed(cohort_id)
        if not is_disclosed:
            reader.require("lead_moderator", "auditor")
        await blindness.require(reader.person_id, cohort_id)
        if is_disclosed:
            return await disclosure.draws(cohort_id)
        return await disclosure.counts(cohort_id)

    @router.get("/cohorts/{cohort_id}/draws/export")
    async def export(cohort_id: Cohort, reader: Reader) -> StreamingResponse:
        """Return every draw in the form that docs/draws.md describes."""
        reader.require(*READERS)
        await blindness.require(reader.person_id, cohort_id)
        reviewers = await exports.reviewers(cohort_id)

        async def work(report: Report) -> Mapping[str, Any]:
            return await exports.export(cohort_id, reviewers, report)

        return streamed(work)

    @router.get("/cohorts/{cohort_id}/draws/verification")
    async def verification(cohort_id: Cohort, reader: Reader) -> StreamingResponse:
        """Derive every draw again from the log, and tell what does not follow."""
        reader.require(*READERS)
        await blindness.require(reader.person_id, cohort_id)
        reviewers = await exports.reviewers(cohort_id)

        async def work(report: Report) -> Mapping[str, Any]:
            return await exports.verification(cohort_id, reviewers, report)

        return streamed(work)

    return router
