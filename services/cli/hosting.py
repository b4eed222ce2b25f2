"""Everything in one process, served until told to stop."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import uvicorn

from services.cli.client import SERVICES
from services.cli.together import Together, run_together
from shared.errors import ConflictError, UnavailableError
from shared.web.serving import server_for

HOST = "127.0.0.1"
READY_SECONDS = 60.0
GRACE_SECONDS = 10.0


class PortInUseError(ConflictError):
    """Something else listens on this port: choose another with --port."""


class NotReadyError(UnavailableError):
    """The services did not become ready in time: look at what they logged."""


async def serve_together(
    directory: Path,
    port: int,
    *,
    when_ready: Callable[[str], None],
    then_stop: bool = False,
) -> None:
    """Serve everything until told to stop; *when_ready* runs beside it, in a thread.

    *then_stop* ends it all when *when_ready* is done.

    Raises:
        NotReadyError: the services did not become ready.
        ServiceError: as `run_together`.
    """
    async with run_together(directory, host=HOST, port=port) as together:
        server = server_for(
            together.app, host=HOST, port=port, grace_seconds=GRACE_SECONDS
        )
        serving = asyncio.create_task(server.serve())
        try:
            await _announce(together, server, serving, when_ready)
            if not then_stop:
                await serving
        finally:
            server.should_exit = True
            await serving


async def _announce(
    together: Together,
    server: uvicorn.Server,
    serving: "asyncio.Task[None]",
    when_ready: Callable[[str], None],
) -> None:
    ready = asyncio.create_task(_wait_until_ready(together.url, server))
    await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done() or server.should_exit:
        ready.cancel()
        return
    await ready
    together.embedded.state.announce(together.url)
    await asyncio.to_thread(when_ready, together.url)


async def _wait_until_ready(url: str, server: uvicorn.Server) -> None:
    missing = set(SERVICES)
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient() as http:
        while missing and not server.should_exit:
            if server.started:
                missing -= {
                    name for name in missing if await _is_ready(http, url, name)
                }
            await asyncio.sleep(0.05)


async def _is_ready(http: httpx.AsyncClient, url: str, name: str) -> bool:
    try:
        answer = await http.get(f"{url}/{name}/readyz")
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def free_port(port: int) -> int:
    """Return *port* if nothing listens there; for 0 a free one.

    Raises:
        PortInUseError: something does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUseError(port=port) from error
        free: int = probe.getsockname()[1]
        return free
