"""What stands before services that run separately: one address, each under its name.

In production that is an ingress. This one can also lose answers, so that a client is
in doubt and the service is not, and it remembers what went through it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI, Request, Response

from shared.embedded.ports import LOCALHOST
from shared.web.issuer import DevelopmentIssuer
from shared.web.serving import server_for

_OF_ONE_CONNECTION = {"connection", "content-length", "host", "transfer-encoding"}
"""Headers that do not travel on. Source: RFC 9110, section 7.6.1."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered."""

    method: str
    path: str
    status: int
    is_replayed: bool
    """Whether the answer is one that was stored before."""


Loses = Callable[[Exchange], Awaitable[bool]]
"""Told of every answer before it goes on; True: the client never gets it."""


async def _loses_nothing(_: Exchange) -> bool:
    return False


@dataclass(slots=True)
class Gateway:
    """Passes ``/name/...`` on to the address of *name*; 502 when nobody is there."""

    targets: Mapping[str, str]
    loses: Loses = _loses_nothing
    exchanges: list[Exchange] = field(default_factory=list)

    def app(self, issuer: DevelopmentIssuer | None = None) -> FastAPI:
        """Return the application; *issuer* answers at ``/dev``."""

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with httpx.AsyncClient(timeout=60) as http:
                app.state.http = http
                yield

        app = FastAPI(openapi_url=None, lifespan=lifespan)
        if issuer is not None:
            app.include_router(issuer.router(), prefix="/dev")

        @app.api_route("/{name}/{path:path}", methods=["GET", "POST"])
        async def forward(name: str, path: str, request: Request) -> Response:
            if name not in self.targets:
                return Response(status_code=404)
            return await self._forward(f"{self.targets[name]}/{path}", request)

        return app

    async def _forward(self, url: str, request: Request) -> Response:
        http: httpx.AsyncClient = request.app.state.http
        try:
            answer = await http.request(
                request.method,
                url,
                params=request.url.query,
                headers=_travelling(request.headers),
                content=await request.body(),
            )
        except httpx.TransportError:
            return Response(status_code=502)
        exchange = Exchange(
            method=request.method,
            path=request.url.path,
            status=answer.status_code,
            is_replayed="idempotent-replayed" in answer.headers,
        )
        self.exchanges.append(exchange)
        if await self.loses(exchange):
            return Response(status_code=502)
        return Response(
            answer.content,
            status_code=answer.status_code,
            headers=_travelling(answer.headers),
        )


def _travelling(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in _OF_ONE_CONNECTION
    }


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[str]:
    """Serve *app* on *port* of 127.0.0.1 in this loop; yield its address."""
    server = server_for(app, host=LOCALHOST, port=port, grace_seconds=1)
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if running.done():
                await running
            await asyncio.sleep(0.01)
        yield f"http://{LOCALHOST}:{port}"
    finally:
        server.should_exit = True
        await running
