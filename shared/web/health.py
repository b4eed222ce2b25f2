"""Whether a service lives, whether it is ready, and what it measures."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Checks = Mapping[str, Callable[[], Awaitable[str | None]]]
"""By name: what is wrong with a part, or None."""


def health_router(checks: Checks) -> APIRouter:
    """Return ``/livez``, ``/readyz`` and ``/metrics``; they tell nothing personal."""
    router = APIRouter(tags=["health"])

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        found = {name: await check() for name, check in checks.items()}
        wrong = {name: reason for name, reason in found.items() if reason is not None}
        body = {"ready": not wrong, "wrong": wrong}
        return JSONResponse(body, status_code=503 if wrong else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
