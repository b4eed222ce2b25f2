"""Conversations about feedback: offered by the office, booked by participants."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.appeals.api.asking import AttemptPath, CasePath
from services.appeals.handlers import Conversations
from services.appeals.handlers.views import ConversationState
from services.appeals.handlers.words import BookingWords, TimesWords
from services.appeals.read_models import START, ConversationRow, conversations
from shared.clock import Clock
from shared.database import Pool
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted


class ConversationItem(BaseModel):
    """One conversation in the office's list."""

    case_id: str
    attempt: int
    participant_id: str
    minutes: int
    state: ConversationState
    times: list[datetime]
    starts_at: datetime | None
    offered_at: datetime

    @classmethod
    def of(cls, row: ConversationRow) -> Self:
        """Return *row* as the office sees it."""
        return cls.model_validate(row.model_dump())


def conversations_router(talks: Conversations, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of conversations."""
    router = APIRouter(tags=["conversations"])
    _add_list(router, pool)
    _add_changes(router, talks, clock)
    return router


def _add_list(router: APIRouter, pool: Pool) -> None:
    @router.get("/office/conversations")
    async def listed(
        reader: Reader, page: Paging, state: ConversationState | None = None
    ) -> Page[ConversationItem]:
        """Return conversations, those offered first first."""
        reader.require("operations", "auditor")
        after = moment_and_id(page.after, start=START)
        rows = await conversations(pool, state=state, after=after, limit=page.limit + 1)
        return page.of(
            [ConversationItem.of(row) for row in rows],
            key=lambda row: (
                row.offered_at.isoformat(),
                f"{row.case_id}.{row.attempt}",
            ),
        )


def _add_changes(router: APIRouter, talks: Conversations, clock: Clock) -> None:
    path = "/cases/{case_id}/conversations/{attempt}"

    @router.post(f"{path}/times")
    async def offer_times(
        case_id: CasePath, attempt: AttemptPath, body: TimesWords, ask: Ask
    ) -> JSONResponse:
        """Say when staff can be there; replaces what was offered before."""
        ask.require("operations")
        return posted(
            await talks.offer_times(
                case_id, attempt, body.times, at=clock(), cause=ask.cause
            )
        )

    @router.post(f"{path}/book")
    async def book(
        case_id: CasePath, attempt: AttemptPath, body: BookingWords, ask: Ask
    ) -> JSONResponse:
        """Choose one of the times, or another one than before."""
        ask.require("participant")
        return posted(
            await talks.book(
                case_id, attempt, body.starts_at, at=clock(), cause=ask.cause
            )
        )

    @router.post(f"{path}/held")
    async def held(case_id: CasePath, attempt: AttemptPath, ask: Ask) -> JSONResponse:
        """Say that the conversation took place."""
        ask.require("operations")
        return posted(await talks.record(case_id, attempt, at=clock(), cause=ask.cause))
