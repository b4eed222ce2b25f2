"""A service of nothing but its process; run as a module."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shared.settings import CommonSettings
from shared.web.serving import run_alone


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    print("stopped", flush=True)  # noqa: T201 - the test reads it


def build(_: CommonSettings) -> FastAPI:
    app = FastAPI(lifespan=lifespan)

    @app.get("/livez")
    async def livez() -> str:
        return "alive"

    return app


if __name__ == "__main__":
    run_alone(build, CommonSettings)
