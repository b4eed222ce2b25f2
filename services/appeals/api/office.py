"""What the office sees and answers: explanations, support, panels, clocks."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime

from services.appeals.api.asking import AppealItem, AppealPath
from services.appeals.handlers import Answering, Showing
from services.appeals.handlers.views import ClockView, OfficeView
from services.appeals.handlers.words import AnswerWords, PanelWords, ResponseWords
from services.appeals.read_models import (
    NEVER,
    AppealsWanted,
    State,
    appeals_by_due_day,
)
from shared.clock import Clock
from shared.database import Pool
from shared.errors import BadInputError
from shared.london import london_day
from shared.web.requests import (
    Ask,
    MalformedCursorError,
    Page,
    PageWanted,
    Paging,
    Reader,
    posted,
)

ROLE = "operations"
READERS = (ROLE, "auditor")


class FutureMomentError(BadInputError):
    """How clocks will stand is not known: give a moment that has passed."""


class OfficeItem(AppealItem):
    """One appeal in the office's list."""

    participant_id: str
    members: list[str]
    overdue_on: date | None
    """Last day that is recorded to have passed without an answer."""


def office_router(
    answering: Answering, showing: Showing, pool: Pool, clock: Clock
) -> APIRouter:
    """Return the routes of the office."""
    router = APIRouter(prefix="/office", tags=["office"])
    _add_list(router, pool, clock)
    _add_reading(router, answering, showing, clock)
    _add_answers(router, answering, clock)
    return router


def _add_list(router: APIRouter, pool: Pool, clock: Clock) -> None:
    @router.get("/appeals")
    async def appeals(
        reader: Reader,
        page: Paging,
        state: State | None = None,
        overdue: bool | None = None,  # noqa: FBT001 - a query parameter
    ) -> Page[OfficeItem]:
        """Return explanations and appeals but the reader's own, due first first."""
        reader.require(*READERS)
        now = clock()
        rows = await appeals_by_due_day(
            pool,
            AppealsWanted(
                state=state, is_overdue=overdue, hidden_from=reader.person_id
            ),
            today=london_day(now),
            after=_after(page),
            limit=page.limit + 1,
        )
        return page.of(
            [OfficeItem.of(row, now) for row in rows],
            key=lambda item: ((item.due_on or NEVER).isoformat(), item.appeal_id),
        )


def _add_reading(
    router: APIRouter, answering: Answering, showing: Showing, clock: Clock
) -> None:
    @router.get("/appeals/{appeal_id}")
    async def appeal(appeal_id: AppealPath, reader: Reader) -> OfficeView:
        """Return an appeal with what was written; to an auditor without the words.

        That somebody has read the words about a decision is a fact: they do not judge
        the case afresh.
        """
        reader.require(*READERS)
        is_office, now = reader.may(ROLE), clock()
        seen = await showing.office(
            appeal_id, reader.person_id, now, with_words=is_office
        )
        if is_office and seen.against == "decision":
            await answering.note_reading(appeal_id, reader.person_id, at=now)
        return seen

    @router.get("/appeals/{appeal_id}/clocks")
    async def clocks(
        appeal_id: AppealPath,
        reader: Reader,
        as_of: Annotated[AwareDatetime | None, Query()] = None,
    ) -> list[ClockView]:
        """Return how the clocks stood at a moment, recomputed from facts."""
        reader.require(*READERS)
        now = clock()
        if as_of is not None and as_of > now:
            raise FutureMomentError
        return list(await showing.clocks(appeal_id, as_of or now))


def _add_answers(router: APIRouter, answering: Answering, clock: Clock) -> None:
    @router.post("/appeals/{appeal_id}/explanation")
    async def explain(
        appeal_id: AppealPath, body: AnswerWords, ask: Ask
    ) -> JSONResponse:
        """Explain a decision."""
        ask.require(ROLE)
        return posted(
            await answering.explain(
                appeal_id, body.explanation, at=clock(), cause=ask.cause
            )
        )

    @router.post("/appeals/{appeal_id}/response")
    async def respond(
        appeal_id: AppealPath, body: ResponseWords, ask: Ask
    ) -> JSONResponse:
        """Answer an appeal about the support in writing."""
        ask.require(ROLE)
        return posted(
            await answering.respond(appeal_id, body, at=clock(), cause=ask.cause)
        )

    @router.post("/appeals/{appeal_id}/panel")
    async def appoint(
        appeal_id: AppealPath, body: PanelWords, ask: Ask
    ) -> JSONResponse:
        """Say who hears an appeal against a decision."""
        ask.require(ROLE)
        return posted(
            await answering.appoint(
                appeal_id, body.members, at=clock(), cause=ask.cause
            )
        )


def _after(page: PageWanted) -> tuple[date, str]:
    if not page.after:
        return date.min, ""
    try:
        day, appeal_id = page.after
        return date.fromisoformat(day), appeal_id
    except ValueError:
        raise MalformedCursorError from None
