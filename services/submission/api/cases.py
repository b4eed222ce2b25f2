"""Extensions, and what became of a case."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.submission.api.cohorts import READERS, Deadline
from services.submission.domain.events import ExtensionReason
from services.submission.domain.submitting import NotEnrolledError
from services.submission.handlers import Cases
from services.submission.read_models import (
    CaseRow,
    CaseState,
    Waiting,
    cases_in,
    one_case,
)
from shared.clock import Clock
from shared.database import Pool
from shared.vocabulary import CaseId, CohortId
from shared.web.requests import Ask, Current, Page, Paging, Reader, posted


class Extension(BaseModel):
    """A later deadline for one case."""

    model_config = ConfigDict(extra="forbid")

    deadline: Deadline
    reason: ExtensionReason


def cases_router(cases: Cases, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of cases."""
    router = APIRouter(tags=["cases"])
    _add_writes(router, cases, clock)
    _add_reads(router, pool)
    return router


def _add_writes(router: APIRouter, cases: Cases, clock: Clock) -> None:
    @router.post("/cases/{case_id}/deadline")
    async def extend(
        case_id: Annotated[CaseId, Path()], body: Extension, ask: Ask
    ) -> JSONResponse:
        ask.require("operations")
        answer = {"case_id": case_id, "deadline": body.deadline.isoformat()}
        handled = await cases.move_deadline(
            case_id,
            deadline=body.deadline,
            reason=body.reason,
            role="operations",
            at=clock(),
            cause=ask.cause.answer(200, answer),
        )
        return posted(handled)


def _add_reads(router: APIRouter, pool: Pool) -> None:
    @router.get("/cases")
    async def list_cases(
        reader: Reader,
        page: Paging,
        cohort: Annotated[CohortId | None, Query()] = None,
        state: Annotated[CaseState | None, Query()] = None,
        waiting: Annotated[Waiting | None, Query()] = None,
    ) -> Page[CaseRow]:
        """List cases; *waiting* for those in which the office has to answer."""
        reader.require(*READERS)
        after = page.after[0] if page.after else ""
        rows = await cases_in(
            pool,
            cohort=cohort,
            state=state,
            waiting=waiting,
            after=after,
            limit=page.limit + 1,
        )
        return page.of(rows, key=lambda row: (row.case_id,))

    @router.get("/cases/{case_id}")
    async def show_case(
        case_id: Annotated[CaseId, Path()], reader: Reader, is_current: Current
    ) -> CaseView:
        row = await one_case(pool, case_id)
        is_own = row is not None and row.person_id == reader.person_id
        if row is None or not (is_own or reader.may(*READERS)):
            raise NotEnrolledError(case_id=case_id)
        return CaseView(**row.model_dump(), catching_up=not is_current)


class CaseView(CaseRow):
    """A case, and whether facts the reader knows of are still missing from it."""

    catching_up: bool
