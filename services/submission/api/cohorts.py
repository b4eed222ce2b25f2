"""Cohorts and their deadlines, and the clock of a demonstration."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.cohort.commands import MoveCohortDeadline
from services.submission.handlers import Cohorts, Dates
from services.submission.read_models import CohortRow, cohorts_after
from shared.clock import Clock
from shared.database import Pool
from shared.vocabulary import CohortId
from shared.web.requests import Ask, Page, Paging, Reader, posted

READERS = ("operations", "auditor")
LONGEST_OFFSET_SECONDS = 5 * 366 * 24 * 60 * 60
"""Five years: a demonstration plays fourteen months. Source: architecture.md."""


Deadline = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
"""A day whose end can be computed, and which is no slip of the keyboard (P)."""


class NewCohort(BaseModel):
    """A programme that runs once more."""

    model_config = ConfigDict(extra="forbid")

    cohort_id: CohortId
    programme: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{0,30}$")]
    deadline: Deadline
    """Portfolios are due at the end of this day in London."""
    starts_on: Deadline | None = None
    """None: as long before the deadline as the programme takes."""
    because: Annotated[str | None, Field(min_length=1, max_length=500)] = None
    """Why it starts when the programme does not, kept only where that is so; about
    nobody in particular."""


class NewDeadline(BaseModel):
    """Another deadline for the whole cohort."""

    model_config = ConfigDict(extra="forbid")

    deadline: Deadline


class Offset(BaseModel):
    """How far a demonstration runs ahead of the wall clock."""

    model_config = ConfigDict(extra="forbid")

    offset_seconds: Annotated[int, Field(ge=0, le=LONGEST_OFFSET_SECONDS)]


def cohorts_router(cohorts: Cohorts, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of cohorts."""
    router = APIRouter(tags=["cohorts"])

    @router.post("/cohorts", status_code=201)
    async def open_cohort(body: NewCohort, ask: Ask) -> JSONResponse:
        ask.require("operations")
        handled = await cohorts.open(
            body.cohort_id,
            programme=body.programme,
            dates=Dates(
                deadline=body.deadline, starts_on=body.starts_on, because=body.because
            ),
            at=clock(),
            cause=ask.cause.answer(201, {"cohort_id": body.cohort_id}),
        )
        return posted(handled)

    @router.post("/cohorts/{cohort_id}/deadline")
    async def move_deadline(
        cohort_id: Annotated[CohortId, Path()], body: NewDeadline, ask: Ask
    ) -> JSONResponse:
        ask.require("operations")
        command = MoveCohortDeadline(
            cohort_id=cohort_id, deadline=body.deadline, at=clock()
        )
        answer = {"cohort_id": cohort_id, "deadline": body.deadline.isoformat()}
        cause = ask.cause.answer(200, answer)
        return posted(await cohorts.move_deadline(command, cause))

    @router.get("/cohorts")
    async def list_cohorts(reader: Reader, page: Paging) -> Page[CohortRow]:
        reader.require(*READERS)
        after = page.after[0] if page.after else ""
        rows = await cohorts_after(pool, after=after, limit=page.limit + 1)
        return page.of(rows, key=lambda row: (row.cohort_id,))

    @router.post("/clock/offset")
    async def set_offset(body: Offset, ask: Ask) -> JSONResponse:
        ask.require("operations")
        command = SetClockOffset(offset_seconds=body.offset_seconds, at=clock())
        cause = ask.cause.answer(200, {"offset_seconds": body.offset_seconds})
        return posted(await cohorts.set_clock(command, cause))

    return router
