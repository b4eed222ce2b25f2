"""The front page beside the development issuer: which cases there are, where to look.

Exists only beside the development issuer. Every page needs the identity that the
development sign-in gives; it shows opaque ids and states, nothing personal.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Cookie, FastAPI, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.cli.client import OPERATOR
from shared.errors import NotAuthenticatedError
from shared.vocabulary import PersonId
from shared.web.identity import Identities, Identity
from shared.web.issuer import SIGN_IN_BYTES, TOKEN_SECONDS, DevelopmentIssuer, SignIn

COOKIE = "attest-development"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
_SHOWN_CASES = 200


class Browser:
    """Knows a browser by the cookie that the development sign-in set."""

    def __init__(self, app: FastAPI, issuer: DevelopmentIssuer) -> None:
        self._app = app
        self.issuer = issuer

    async def identity(
        self, token: Annotated[str | None, Cookie(alias=COOKIE)] = None
    ) -> Identity:
        """Return who the browser is signed in as.

        Raises:
            NotAuthenticatedError: nobody; the page asks to sign in.
        """
        if token is None:
            message = "Sign in first: open the address of attest itself."
            raise NotAuthenticatedError(message)
        return await self.bearer(f"Bearer {token}")

    async def bearer(
        self, authorization: Annotated[str | None, Header()] = None
    ) -> Identity:
        """Return who sends this header: programs have no cookie.

        Raises:
            NotAuthenticatedError: no token, or not one that holds.
        """
        identities: Identities = self._app.state.identities
        identity = await identities.identify(authorization)
        identity.require("operations", "auditor")
        return identity


def front_router(
    submission: Callable[[], httpx.AsyncClient], browser: Browser
) -> APIRouter:
    """Return ``/`` and ``/sign-in``; *submission* opens a way to that service."""
    router = APIRouter(include_in_schema=False)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )

    @router.get("/")
    async def front(
        request: Request, token: Annotated[str | None, Cookie(alias=COOKIE)] = None
    ) -> Response:
        try:
            await browser.identity(token)
        except NotAuthenticatedError:
            return _page(templates, "sign_in.html", {})
        cases = await _cases(submission, str(token))
        base = str(request.base_url).rstrip("/")
        return _page(templates, "front.html", {"cases": cases, "url": base})

    @router.post("/sign-in", max_body_size=SIGN_IN_BYTES)
    async def sign_in(person_id: Annotated[PersonId, Form()] = OPERATOR) -> Response:
        signed = browser.issuer.token(
            SignIn(person_id=person_id, roles=("operations", "auditor"))
        )
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            COOKIE,
            signed.access_token,
            max_age=TOKEN_SECONDS,
            httponly=True,
            samesite="strict",
        )
        return answer

    return router


def without_a_socket(app: FastAPI) -> Callable[[], httpx.AsyncClient]:
    """Return a way to *app*, in this process, as everybody else goes it."""
    transport = httpx.ASGITransport(app=app)
    return lambda: httpx.AsyncClient(transport=transport, base_url="http://here")


async def _cases(
    submission: Callable[[], httpx.AsyncClient], token: str
) -> list[dict[str, Any]]:
    async with submission() as http:
        answer = await http.get(
            "/cases",
            params={"limit": _SHOWN_CASES},
            headers={"Authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


def _page(templates: Environment, name: str, values: dict[str, object]) -> Response:
    page = templates.get_template(name).render(values)
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})
