"""The page behind a one-time link: who asks, the portfolio where allowed, the form.

It needs no JavaScript. Opening it uses nothing, because programs that look through mail
open every link; only sending the form does. What was typed comes back with a refusal.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi import Path as PathPart
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.submission.handlers.contributions import Contributions, Written
from services.submission.handlers.guests import Asked, Guests, Shown
from services.submission.handlers.links import Presented
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceId
from shared.errors import ServiceError
from shared.london import LONDON
from shared.web.portfolio import download

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
_WHOSE = {
    "colleague": "a colleague",
    "manager": "their manager",
    "learner": "a learner",
}

Token = Annotated[str, PathPart(max_length=400)]
Line = Annotated[str, StringConstraints(max_length=254)]


class Given(BaseModel):
    """What was typed into the form."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    email: Line = ""
    signature: Line = ""
    words: Annotated[str, StringConstraints(max_length=70_000)] = ""
    """A browser sends each line end of at most 60,000 characters as two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything one page is made of."""

    token: str
    base: str
    """What leads from the address of this page to that of the link."""
    asked: Asked
    given: Given
    shown: Shown | None = None
    problem: str | None = None
    status: int = HTTPStatus.OK

    def response(self) -> HTMLResponse:
        """Return the page; nothing keeps it, and nothing learns its address."""
        nonce = secrets.token_urlsafe(16)
        template = _PAGES.get_template("contribution.html.jinja")
        html = template.render(
            token=self.token,
            base=self.base,
            asked=self.asked,
            whose=_whose(self.asked),
            closes=_spoken(self.asked.expires_at),
            given=self.given,
            shown=self.shown,
            problem=self.problem,
            nonce=nonce,
        )
        return HTMLResponse(html, self.status, headers=_headers(nonce))


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages of links are made with."""

    contributions: Contributions
    guests: Guests
    clock: Clock

    def presented(self, token: str) -> Presented:
        """Return what *token* stands for.

        Raises:
            WrongLinkError: it is not one of ours.
        """
        return self.contributions.links.presented(token)

    async def page(
        self, token: str, given: Given, refused: ServiceError | None = None
    ) -> HTMLResponse:
        """Return the page of a link as it stands, and what was refused, if anything."""
        asked = await self.guests.asked(self.presented(token), self.clock())
        page = Page(
            token=token,
            base="",
            asked=asked,
            given=given,
            problem=str(refused) if refused else None,
            status=refused.status if refused else HTTPStatus.OK,
        )
        return page.response()


def links_router(desk: Desk) -> APIRouter:
    """Return the routes of one-time links; the link itself is who asks."""
    router = APIRouter(tags=["links"], prefix="/links/{token}")

    @router.get("")
    async def show(token: Token) -> HTMLResponse:
        return await desk.page(token, Given())

    @router.post("")
    async def send(token: Token, body: Annotated[Given, Form()]) -> HTMLResponse:
        written = Written(email=body.email, signature=body.signature, words=body.words)
        try:
            await desk.contributions.give(desk.presented(token), written, desk.clock())
        except ServiceError as refused:
            return await desk.page(token, body, refused)
        return await desk.page(token, Given())

    @router.post("/portfolio")
    async def read(token: Token, body: Annotated[Given, Form()]) -> HTMLResponse:
        presented, at = desk.presented(token), desk.clock()
        asked = await desk.guests.asked(presented, at)
        try:
            shown = await desk.guests.portfolio(presented, body.email, at)
        except ServiceError as refused:
            problem, status = str(refused), refused.status
            page = Page(
                token=token,
                base="../",
                asked=asked,
                given=body,
                problem=problem,
                status=status,
            )
            return page.response()
        page = Page(token=token, base="../", asked=asked, given=body, shown=shown)
        return page.response()

    @router.post("/files/{evidence_id}")
    async def file(
        token: Token, evidence_id: EvidenceId, body: Annotated[Given, Form()]
    ) -> Response:
        presented = desk.presented(token)
        served = await desk.guests.file(
            presented, body.email, evidence_id, desk.clock()
        )
        return download(served)

    return router


def _whose(asked: Asked) -> str:
    return _WHOSE.get(asked.contribution, f"their {asked.mentor_title}")


def _spoken(moment: datetime) -> str:
    """Return a moment as people in London say it."""
    here = moment.astimezone(LONDON)
    return f"{here.day} {here:%B %Y, %H:%M}"


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }
