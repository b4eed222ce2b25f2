"""What operators may ask of every service: are its read models and files right.

No Idempotency-Key is needed here, unlike for every other POST: a rebuild writes no fact
and stores no answer, and done again it leads to the same rows.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from shared.clock import Clock
from shared.programmes import every_programme
from shared.projector import Projector
from shared.web.requests import Reader
from shared.web.streaming import Report, streamed


def maintenance_router(projector: Projector, clock: Clock) -> APIRouter:
    """Return the routes every service has for operators."""
    router = APIRouter(tags=["maintenance"])

    @router.get("/maintenance/differences")
    async def differences(reader: Reader) -> StreamingResponse:
        reader.require("operations", "auditor")

        async def work(report: Report) -> Mapping[str, Any]:
            return {"differences": await projector.differences(report)}

        return streamed(work)

    @router.post("/maintenance/rebuild")
    async def rebuild(reader: Reader) -> StreamingResponse:
        reader.require("operations")
        line = structlog.get_logger().bind(actor=reader.person_id)

        async def work(report: Report) -> Mapping[str, Any]:
            line.info("read_models.rebuild_began")
            position = await projector.rebuild(report)
            line.info("read_models.rebuilt", position=position)
            return {"position": position}

        return streamed(work)

    @router.get("/maintenance/position")
    async def position(reader: Reader) -> dict[str, Any]:
        reader.require("operations", "auditor", "service")
        return {"position": projector.position, "now": clock()}

    @router.get("/maintenance/programmes")
    async def programmes(reader: Reader) -> dict[str, str]:
        """Return the digest of every version, as this service read it at its start."""
        reader.require("operations", "auditor")
        return every_programme().said()

    return router
