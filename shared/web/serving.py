"""Runs an ASGI application on one address until it is told to stop."""

import uvicorn
from fastapi import FastAPI


async def serve(app: FastAPI, *, host: str, port: int, grace_seconds: float) -> None:
    """Serve *app* until SIGINT or SIGTERM; open requests get *grace_seconds*."""
    await server_for(app, host=host, port=port, grace_seconds=grace_seconds).serve()


def server_for(
    app: FastAPI, *, host: str, port: int, grace_seconds: float
) -> uvicorn.Server:
    """Return a server for *app*, not yet started; access lines are ours to write."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=int(grace_seconds),
    )
    return uvicorn.Server(config)
