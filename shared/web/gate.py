"""What is looked at before a body is read: who sends it.

Invariant: nobody without an identity makes a service read a body. How large it may be
is said by the routes.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import BadInputError, ServiceError
from shared.web.identity import Identities, Identity
from shared.web.problems import refusal

IDENTITY = "attest.identity"
"""Where in the scope the identity stands, once it was established."""


class UnwritableAddressError(BadInputError):
    """The address holds a zero byte, which no name of ours has: remove it."""


class Gate:
    """ASGI middleware that lets a body through only for somebody.

    The framework reads a body before it asks a route's dependencies, so asking there
    would come too late.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] == "http":
            try:
                _refuse_zero_bytes(scope)
                if _has_body(scope):
                    scope[IDENTITY] = await _identity(scope)
            except ServiceError as refused:
                await refusal(scope["path"], refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _header(scope: Scope, name: bytes) -> str | None:
    for found, value in scope["headers"]:
        if found == name:
            return str(value.decode("latin-1"))
    return None


def _has_body(scope: Scope) -> bool:
    """Tell whether a body follows. Source: RFC 9112, section 6."""
    length = _header(scope, b"content-length")
    return length not in {None, "0"} or bool(_header(scope, b"transfer-encoding"))


async def _identity(scope: Scope) -> Identity:
    identities: Identities = scope["app"].state.identities
    return await identities.identify(_header(scope, b"authorization"))


def _refuse_zero_bytes(scope: Scope) -> None:
    """Refuse what no text of PostgreSQL can be compared with."""
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise UnwritableAddressError
