"""The report of a cohort, for those who answer for its moderation."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from services.moderation.handlers import Blindness, ReportFormat, Reports
from shared.vocabulary import CohortId
from shared.web.requests import Reader

_MEDIA_TYPES: dict[ReportFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


def reports_router(reports: Reports, blindness: Blindness) -> APIRouter:
    """Return the route of a cohort's report."""
    router = APIRouter(tags=["cohorts"])

    @router.get(
        "/cohorts/{cohort_id}/report",
        response_class=Response,
        responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
    )
    async def report(
        cohort_id: Annotated[CohortId, Path()],
        reader: Reader,
        format_: Annotated[ReportFormat, Query(alias="format")] = "json",
    ) -> Response:
        """Return agreement, overturns, drift and fairness, each with its interval.

        The same events give the same bytes. Nobody's name, no text, no case.
        """
        reader.require("lead_moderator", "auditor", "operations")
        await blindness.require(reader.person_id, cohort_id)
        content = await reports.report(cohort_id, format_)
        return Response(content, media_type=_MEDIA_TYPES[format_])

    return router
