"""What is looked at before a body is read: who sends it, and how large it is.

Invariant: nobody without an identity or a link of ours makes a service read a body,
and nobody makes it read more than the route takes, whatever length was announced.
"""

from collections.abc import Callable

from starlette._utils import get_route_path
from starlette.middleware.body_limit import (
    MAX_BODY_SIZE_SCOPE_KEY,
    RequestBodyLimitMiddleware,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import Clock
from shared.errors import BadInputError, ServiceError, TooLargeError
from shared.web.identity import IDENTITY, Identities, Identity
from shared.web.problems import MEDIA_TYPE, refusal

_TOO_LARGE = TooLargeError.status

BODY_BYTES = 2 * 1024 * 1024
"""Longer than the longest judgement in JSON; routes that take files say their own, as
``max_body_size`` (P)."""

RECEIVED_AT = "attest.received_at"
"""Where in the scope the time of receipt stands: before anything of a body is read.

Source: architecture.md ("receipt is the time at the edge").
"""


class UnwritableAddressError(BadInputError):
    """The address holds a zero byte, which no name of ours has: remove it."""


class Gate:
    """ASGI middleware that lets a body through only for somebody, and up to a limit.

    The framework reads a body before it asks a route's dependencies, so asking there
    who sends it would come too late.
    """

    def __init__(self, app: ASGIApp, *, body_bytes: int = BODY_BYTES) -> None:
        """Stand before *app*; *body_bytes* holds for routes without a limit."""
        self._app = RequestBodyLimitMiddleware(app, max_body_size=body_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _refuse_zero_bytes(scope)
            _note_receipt(scope)
            if _has_body(scope) and not _holds_a_link(scope):
                scope[IDENTITY] = await _identity(scope)
        except ServiceError as refused:
            await refusal(scope["path"], refused)(scope, receive, send)
            return
        await self._app(scope, receive, _Wording(scope, receive, send))


class _Wording:
    """Passes an answer on; the library's plain words for 413 become a problem."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._has_answered = False

    async def __call__(self, message: Message) -> None:
        if self._has_answered:
            return
        if _is_plain_refusal(message):
            self._has_answered = True
            error = TooLargeError(limit_bytes=self._scope[MAX_BODY_SIZE_SCOPE_KEY])
            answer = refusal(self._scope["path"], error)
            await answer(self._scope, self._receive, self._send)
            return
        await self._send(message)


def _is_plain_refusal(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != _TOO_LARGE:
        return False
    types = [value for name, value in message["headers"] if name == b"content-type"]
    return types != [MEDIA_TYPE.encode()]


def _note_receipt(scope: Scope) -> None:
    """Note when the request arrived, by the clock of the service, if it has one yet."""
    clock: Clock | None = getattr(scope["app"].state, "clock", None)
    if clock is not None:
        scope[RECEIVED_AT] = clock()


def _header(scope: Scope, name: bytes) -> str | None:
    for found, value in scope["headers"]:
        if found == name:
            return str(value.decode("latin-1"))
    return None


def _has_body(scope: Scope) -> bool:
    """Tell whether a body follows. Source: RFC 9112, section 6."""
    length = _header(scope, b"content-length")
    return length not in {None, "0"} or bool(_header(scope, b"transfer-encoding"))


def _holds_a_link(scope: Scope) -> bool:
    """Tell whether the address itself proves that we gave it to somebody."""
    state = scope["app"].state
    holds: Callable[[str], bool] | None = getattr(state, "holds_a_link", None)
    return holds is not None and holds(get_route_path(scope))


async def _identity(scope: Scope) -> Identity:
    identities: Identities = scope["app"].state.identities
    return await identities.identify(_header(scope, b"authorization"))


def _refuse_zero_bytes(scope: Scope) -> None:
    """Refuse what no text of PostgreSQL can be compared with."""
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise UnwritableAddressError
