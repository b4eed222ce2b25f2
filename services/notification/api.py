"""Notification over HTTP: what operations see of letters, and trying again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.notification.domain.commands import OrderRetry, RecordBounce
from services.notification.domain.events import BounceCode, NoticeId, Template
from services.notification.handlers import Notices
from services.notification.letters import Correspondent, Preview, preview
from services.notification.read_models import (
    START,
    NoticeRow,
    NoticeState,
    notices_after,
)
from shared.clock import Clock
from shared.contracts.feedback import Feedback, Words
from shared.contracts.programme.values import Version
from shared.database import Pool
from shared.programmes import load_programme
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Page, Paging, Reader, posted

NoticePath = Annotated[NoticeId, Path()]
StateWanted = Annotated[NoticeState | None, Query()]


class Bounce(BaseModel):
    """What the report about a letter that came back says."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    code: BounceCode
    """For example ``5.1.1``: no such mailbox."""


class Wanted(BaseModel):
    """Which letter to show before it is sent, with which words of assessors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    template: Template
    programme: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{0,30}$")]
    programme_version: Version | None = None
    policy_version: Version | None = None
    """Those that the cohort has pinned; without them the current ones."""
    feedback: Feedback | None = None
    """As a participant would read it; invented where it is left out."""
    words: Words | None = None
    """An explanation or reasons; invented where they are left out."""


def build_router(
    notices: Notices, pool: Pool, clock: Clock, sender: Correspondent
) -> APIRouter:
    """Return the routes of notification; every effect they need is a parameter."""
    router = APIRouter(tags=["notices"])
    _add_preview(router, clock, sender)

    @router.get("/notices")
    async def show(
        reader: Reader, page: Paging, state: StateWanted = None
    ) -> Page[NoticeRow]:
        """Return states and tries; no address and no word of a letter."""
        reader.require("operations", "auditor")
        after = moment_and_id(page.after, start=START)
        rows = await notices_after(pool, state=state, after=after, limit=page.limit + 1)
        return page.of(rows, key=lambda row: _key(row.requested_at, row.notice_id))

    @router.post("/notices/{notice_id}/retry", status_code=202)
    async def retry(notice_id: NoticePath, ask: Ask) -> JSONResponse:
        """Start another round of tries for a letter that failed."""
        ask.require("operations")
        command = OrderRetry(by=ask.identity.person_id, at=clock())
        cause = ask.cause.answer(202, {"notice_id": notice_id})
        return posted(await notices.by_office(notice_id, command, cause))

    @router.post("/notices/{notice_id}/bounce")
    async def bounce(notice_id: NoticePath, body: Bounce, ask: Ask) -> JSONResponse:
        """Record that a letter came back after a mail server had taken it."""
        ask.require("operations")
        command = RecordBounce(
            code=body.code, reported_by=ask.identity.person_id, at=clock()
        )
        cause = ask.cause.answer(200, {"notice_id": notice_id})
        return posted(await notices.by_office(notice_id, command, cause))

    return router


def _add_preview(router: APIRouter, clock: Clock, sender: Correspondent) -> None:
    @router.post("/previews")
    async def show_preview(body: Wanted, reader: Reader) -> Preview:
        """Return a letter as it would be sent now; nothing is stored or sent."""
        reader.require("operations", "lead_moderator")
        return preview(
            body.template,
            load_programme(body.programme, body.programme_version, body.policy_version),
            feedback=body.feedback,
            words=body.words,
            sender=sender,
            at=clock(),
        )


def _key(requested_at: datetime, notice_id: str) -> tuple[str, str]:
    return requested_at.isoformat(), notice_id
