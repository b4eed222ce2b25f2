"""No browser and no proxy on the way keeps what a service answers."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAME, _VALUE = "Cache-Control", "no-store"


class NoStore:
    """ASGI middleware that has no answer kept, unless the route says otherwise.

    Answers are for one reader at one moment: the next person at the same browser must
    not find them, nor must a reader get their own old ones. Source: RFC 9111, 5.2.2.5.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before *app*."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the header."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault(_NAME, _VALUE)
            await send(message)

        await self._app(scope, receive, answer)
