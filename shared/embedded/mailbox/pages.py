"""Pages to read the mailbox: ``/mailbox``. Translation only; no JavaScript.

Invariant: nothing in a letter runs or loads anything. Its HTML is served apart, under
a policy that forbids scripts, forms and the network, and shown in a sandboxed frame;
its links stand beside it as plain text links; its files are downloads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.params import Depends
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.embedded.mailbox.mailbox import PAGE_SIZE, LetterNotFoundError, Mailbox
from shared.embedded.mailbox.mime import Attachment
from shared.london import LONDON

_TEMPLATES = Path(__file__).parent.parent / "templates"

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LETTER_POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
_FILE_POLICY = "default-src 'none'; sandbox"

LetterId = Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")]
Before = Annotated[
    int | None, Query(ge=1, description="Letters older than this number")
]
Position = Annotated[int, PathParameter(ge=1, description="Counted from 1")]


def mailbox_router(
    mailbox: Mailbox, *, dependencies: Sequence[Depends] = ()
) -> APIRouter:
    """Return the routes below ``/mailbox``.

    *dependencies* apply to every route: give the one that demands an identity.
    """
    router = APIRouter(
        prefix="/mailbox", dependencies=list(dependencies), include_in_schema=False
    )
    pages = _Pages(mailbox)
    routes = (
        ("", pages.letters),
        ("/style.css", pages.style),
        ("/{letter_id}", pages.letter),
        ("/{letter_id}/html", pages.html),
        ("/{letter_id}/source", pages.source),
        ("/{letter_id}/attachments/{position}", pages.attachment),
    )
    for path, endpoint in routes:
        router.add_api_route(path, endpoint, methods=["GET"], response_class=Response)
    return router


@dataclass(frozen=True, slots=True)
class _Pages:
    mailbox: Mailbox

    async def letters(self, request: Request, before: Before = None) -> Response:
        """The list, newest first."""
        found = self.mailbox.letters(limit=PAGE_SIZE + 1, before=before)
        shown = found[:PAGE_SIZE]
        older = shown[-1].number if len(found) > PAGE_SIZE else None
        values: dict[str, object] = {
            "letters": shown,
            "older": older,
            "count": self.mailbox.count,
        }
        return _page(request, "letters.html.jinja", values)

    async def letter(self, request: Request, letter_id: LetterId) -> Response:
        """One letter: its envelope, both bodies, links, files, headers."""
        try:
            letter = await self.mailbox.letter(letter_id)
        except LetterNotFoundError:
            return _page(request, "missing.html.jinja", {}, status=404)
        return _page(request, "letter.html.jinja", {"letter": letter})

    async def html(self, request: Request, letter_id: LetterId) -> Response:
        """The HTML body alone, for the frame."""
        try:
            letter = await self.mailbox.letter(letter_id)
        except LetterNotFoundError:
            return _page(request, "missing.html.jinja", {}, status=404)
        content = (letter.html or "").encode()
        return _answer(content, "text/html; charset=utf-8", _LETTER_POLICY)

    async def source(self, request: Request, letter_id: LetterId) -> Response:
        """The bytes as they came, as text."""
        try:
            content = await self.mailbox.source(letter_id)
        except LetterNotFoundError:
            return _page(request, "missing.html.jinja", {}, status=404)
        return _answer(content, "text/plain; charset=utf-8", _FILE_POLICY)

    async def attachment(
        self, request: Request, letter_id: LetterId, position: Position
    ) -> Response:
        """One file, always as a download."""
        try:
            letter = await self.mailbox.letter(letter_id)
        except LetterNotFoundError:
            return _page(request, "missing.html.jinja", {}, status=404)
        if position > len(letter.attachments):
            return _page(request, "missing.html.jinja", {}, status=404)
        return _download(letter.attachments[position - 1])

    async def style(self) -> Response:
        """The style sheet of these pages."""
        content = (_TEMPLATES / "mailbox.css").read_bytes()
        return _answer(content, "text/css; charset=utf-8", _FILE_POLICY)


def _page(
    request: Request, template: str, values: dict[str, object], *, status: int = 200
) -> Response:
    root = f"{request.scope.get('root_path', '')}/mailbox"
    content = _environment.get_template(template).render(root=root, **values)
    kind = "text/html; charset=utf-8"
    return _answer(content.encode(), kind, _PAGE_POLICY, status=status)


def _download(attachment: Attachment) -> Response:
    answer = _answer(attachment.content, attachment.content_type, _FILE_POLICY)
    plain = attachment.name.encode("ascii", "replace").decode().replace("?", "_")
    exact = quote(attachment.name, safe="")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
    answer.headers["Content-Disposition"] = disposition
    return answer


def _answer(content: bytes, kind: str, policy: str, *, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response(content, status, headers, kind)


def _moment(value: datetime) -> str:
    """``22 November 2026, 01:40:12 GMT``, as people in London read it."""
    local = value.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M:%S %Z}"


def _size(size_bytes: int) -> str:
    """``512 bytes``, ``1.2 kB``, ``3.4 MB``."""
    if size_bytes < 1000:  # noqa: PLR2004 - the definition of the unit
        return f"{size_bytes} bytes"
    kilobytes = size_bytes / 1000
    return f"{kilobytes:.1f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"  # noqa: PLR2004


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(moment=_moment, size=_size)
