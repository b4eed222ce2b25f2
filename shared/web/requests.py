"""What a route needs from a request: who asks, the cause of a command, the page."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from shared.errors import BadInputError
from shared.eventlog import RequestKey
from shared.handling import Cause, Handled, PendingRequest
from shared.ids import derived_id
from shared.web.gate import RECEIVED_AT
from shared.web.identity import IDENTITY, READING, Identities, Identity

T = TypeVar("T")

DEFAULT_PAGE = 50
LARGEST_PAGE = 500
NO_ROLE = "none"
"""What facts say where whoever is signed in may ask."""

_CHUNK_BYTES = 1024 * 1024
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)


class MissingIdempotencyKeyError(BadInputError):
    """Every POST needs an Idempotency-Key header: send a fresh random value."""


class MalformedCursorError(BadInputError):
    """This cursor is not one we gave out: start again without ``after``."""


_BEARER = HTTPBearer(auto_error=False, description="A token of the issuer.")
"""Describes how to sign in; who that is `_identity` finds."""


async def _identity(
    request: Request,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)] = None,
) -> Identity:
    known = request.scope.get(IDENTITY)
    if not isinstance(known, Identity):
        identities: Identities = request.app.state.identities
        known = request.scope[IDENTITY] = await identities.identify(
            request.headers.get("authorization")
        )
    if request.method not in READING:
        known.refuse_auditor()
    return known


Reader = Annotated[Identity, Depends(_identity)]
"""Who asks; 401 when nobody is signed in, 403 when an auditor asks for a change."""


@dataclass(slots=True)
class Asked:
    """Somebody asks for a change: who, and the cause its facts will carry."""

    identity: Identity
    cause: Cause
    """Its role is the one that `require` found, `NO_ROLE` where none was needed."""
    received_at: datetime | None = None
    """When the request arrived, before its body was read; what lateness is measured by.

    None where the service keeps no clock.
    """

    def require(self, *roles: str) -> None:
        """Return if one of *roles* is held; the facts then say that it was this one.

        Raises:
            ForbiddenError: none is; the error names the roles that may.
        """
        self.cause = replace(self.cause, role=self.identity.require(*roles))

    def require_service(self, *names: str) -> None:
        """Return if the asker is one of these services.

        Raises:
            ForbiddenError: it is not.
        """
        self.cause = replace(self.cause, role=self.identity.require_service(*names))


async def _asked(
    request: Request,
    identity: Reader,
    idempotency_key: Annotated[
        str | None, Header(min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$")
    ] = None,
    traceparent: Annotated[str | None, Header()] = None,
) -> Asked:
    if idempotency_key is None:
        raise MissingIdempotencyKeyError
    key = RequestKey(
        actor=identity.person_id,
        route=f"{request.method} {request.url.path}",
        key=idempotency_key,
    )
    command_id = derived_id("request", key.actor, key.route, key.key)
    cause = replace(
        Cause.first(command_id, actor=identity.person_id, role=NO_ROLE),
        traceparent=_well_formed(traceparent),
        request=PendingRequest(key=key, body_sha256=await _body_digest(request)),
    )
    return Asked(identity, cause, request.scope.get(RECEIVED_AT))


Ask = Annotated[Asked, Depends(_asked)]
"""Somebody asks for a change; needs an identity and an ``Idempotency-Key``."""


def _well_formed(traceparent: str | None) -> str | None:
    """Return the header if it is one; a malformed one is as good as none.

    Source: W3C Trace Context, sections 3.2.2 and 4.3.
    """
    if traceparent is None or not _TRACEPARENT.fullmatch(traceparent):
        return None
    return traceparent


async def _body_digest(request: Request) -> bytes:
    """Return a keyed digest of what was asked.

    It stays in the log, so without the key nobody can guess a short body from it. The
    order of form fields does not matter.
    """
    keyed: Callable[[bytes], bytes] = request.app.state.request_digest
    return keyed(await _body_sha256(request))


async def _body_sha256(request: Request) -> bytes:
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        return hashlib.sha256(await request.body()).digest()
    digest = hashlib.sha256()
    form = await request.form()
    for name, value in sorted(form.multi_items(), key=lambda item: item[0]):
        part = await _part_sha256(value)
        digest.update(hashlib.sha256(name.encode()).digest() + part)
    return digest.digest()


async def _part_sha256(value: str | UploadFile) -> bytes:
    if isinstance(value, str):
        return hashlib.sha256(value.encode()).digest()
    digest = hashlib.sha256((value.filename or "").encode())
    while chunk := await value.read(_CHUNK_BYTES):
        digest.update(chunk)
    await value.seek(0)
    return digest.digest()


def posted(handled: Handled) -> JSONResponse:
    """Return the answer to a command: its ids and the log position it reached."""
    body = {**handled.body, "position": handled.position}
    return JSONResponse(body, status_code=handled.status)


@dataclass(frozen=True, slots=True)
class PageWanted:
    """Which page: rows after a key, at most so many, as of a position."""

    after: tuple[str, ...]
    """Key of the last row already seen; empty for the first page."""
    limit: int
    is_current: bool
    """False while the read model has not reached what the reader already knows."""

    def of(self, rows: Sequence[T], *, key: Callable[[T], Sequence[str]]) -> "Page[T]":
        """Return a page of *rows*, which were read with ``limit + 1``."""
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page(
            items=shown,
            next=cursor(key(shown[-1])) if more and shown else None,
            last=cursor(key(shown[-1])) if shown else None,
            catching_up=not self.is_current,
        )


class Page(BaseModel, Generic[T]):
    """Some rows, and how to get the next ones."""

    items: list[T]
    next: str | None
    """Value of ``after`` for the next page; null at the end."""
    last: str | None
    """Value of ``after`` for what may come later; null on an empty page."""
    catching_up: bool = False
    """True while facts the reader knows of are not yet included."""


async def _page(
    request: Request,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = DEFAULT_PAGE,
    attest_position: Annotated[int | None, Header(ge=0)] = None,
) -> PageWanted:
    return PageWanted(
        after=_key_of(after) if after else (),
        limit=limit,
        is_current=await is_current(request, attest_position),
    )


Paging = Annotated[PageWanted, Depends(_page)]
"""Keyset paging; waits for ``Attest-Position`` at most one second."""


async def is_current(request: Request, position: int | None) -> bool:
    """Wait up to a second until the read models include *position*."""
    if position is None:
        return True
    reached: bool = await request.app.state.projector.reached(position)
    return reached


async def _current(
    request: Request, attest_position: Annotated[int | None, Header(ge=0)] = None
) -> bool:
    return await is_current(request, attest_position)


Current = Annotated[bool, Depends(_current)]
"""Whether a single item is as new as the reader's ``Attest-Position``."""


def cursor(key: Sequence[str]) -> str:
    """Return an opaque cursor for a row with this key."""
    joined = "\x1f".join(key).encode()
    return base64.urlsafe_b64encode(joined).rstrip(b"=").decode()


def _key_of(after: str) -> tuple[str, ...]:
    try:
        padded = after + "=" * (-len(after) % 4)
        joined = base64.b64decode(padded, b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise MalformedCursorError from None
    if "\0" in joined:  # no text of PostgreSQL holds one
        raise MalformedCursorError
    return tuple(joined.split("\x1f"))


def idempotency_key(*parts: str) -> str:
    """Return the key that repeats of the same call between services share."""
    return str(derived_id(*parts))
