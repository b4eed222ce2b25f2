"""The draws of a cohort for anybody to check, once the key is public."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from services.moderation.handlers import Exports
from shared.vocabulary import CohortId
from shared.web.requests import Reader
from shared.web.streaming import Report, streamed

Cohort = Annotated[CohortId, Path()]
READERS = ("lead_moderator", "auditor", "operations")


def draws_router(exports: Exports) -> APIRouter:
    """Return the routes that give and check draws; both show their progress."""
    router = APIRouter(tags=["cohorts"])

    @router.get("/cohorts/{cohort_id}/draws/export")
    async def export(cohort_id: Cohort, reader: Reader) -> StreamingResponse:
        """Return every draw in the form that docs/draws.md describes."""
        reader.require(*READERS)
        reviewers = await exports.reviewers(cohort_id)

        async def work(report: Report) -> Mapping[str, Any]:
            return await exports.export(cohort_id, reviewers, report)

        return streamed(work)

    @router.get("/cohorts/{cohort_id}/draws/verification")
    async def verification(cohort_id: Cohort, reader: Reader) -> StreamingResponse:
        """Derive every draw again from the log, and tell what does not follow."""
        reader.require(*READERS)
        reviewers = await exports.reviewers(cohort_id)

        async def work(report: Report) -> Mapping[str, Any]:
            return await exports.verification(cohort_id, reviewers, report)

        return streamed(work)

    return router
