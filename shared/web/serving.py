"""Runs an ASGI application on one address until it is told to stop."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings, SettingsError, read_settings

S = TypeVar("S", bound=CommonSettings)
T = TypeVar("T")


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


class ServingSettings(BaseSettings):
    """Where a service that runs alone listens."""

    model_config = SettingsConfigDict(env_prefix="SERVE_", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)


def run_alone(build: Callable[[S], FastAPI], settings: type[S]) -> None:
    """Serve one service in this process until it is told to stop, also by Ctrl-C.

    A missing or malformed setting ends the process with a message that names it.
    """
    try:
        common, serving = read_settings(settings), read_settings(ServingSettings)
    except SettingsError as error:
        sys.exit(_explained(error))
    grace = common.shutdown_grace_seconds
    app = build(common)
    # uvicorn has stopped the service by then, and raises the signal once more.
    with contextlib.suppress(KeyboardInterrupt):
        run(serve(app, host=serving.host, port=serving.port, grace_seconds=grace))


def run(main: Coroutine[Any, Any, T]) -> T:
    """Return what *main* returns, as `asyncio.run` does, on a quicker loop if possible.

    Where uvloop has no build, asyncio's own loop does the same work.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        from uvloop import new_event_loop  # noqa: PLC0415
    except ImportError:
        return None
    return new_event_loop


def _explained(error: SettingsError) -> str:
    lines = [f"  {name}: {problem}" for name, problem in error.context.items()]
    return "\n".join([str(error), *lines])
