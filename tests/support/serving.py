"""Services under one address, over real sockets, so that they can ask each other."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listened on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@asynccontextmanager
async def served(apps: Mapping[str, FastAPI], port: int) -> AsyncIterator[None]:
    """Serve each of *apps* under its name on 127.0.0.1; they are started already."""
    gateway = FastAPI(openapi_url=None)
    for name, app in apps.items():
        gateway.mount(f"/{name}", app)
    config = uvicorn.Config(
        gateway,
        host="127.0.0.1",
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task
