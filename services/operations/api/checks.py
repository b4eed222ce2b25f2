"""Whether the whole system is as it should be."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.operations.api.readers import READERS
from services.operations.verification import verify
from shared.eventlog import EventLog
from shared.messaging import Reconciler
from shared.web.requests import Reader
from shared.web.streaming import Report, streamed


def checks_router(log: EventLog, reconciler: Reconciler) -> APIRouter:
    """Return the routes that check log and messages."""
    router = APIRouter(tags=["checks"])

    @router.get("/log/verification")
    async def verification(reader: Reader) -> StreamingResponse:
        reader.require(*READERS)

        async def work(report: Report) -> Mapping[str, Any]:
            return (await verify(log, report)).as_dict()

        return streamed(work)

    @router.get("/log/head")
    async def head(reader: Reader) -> dict[str, Any]:
        reader.require(*READERS)
        found = await log.head()
        return {
            "position": found.position,
            "chain": found.chain.hex(),
            "epoch": found.epoch,
            "demonstration": found.demonstration,
        }

    @router.get("/messages/reconciliation")
    async def reconciliation(reader: Reader) -> dict[str, Any]:
        reader.require(*READERS)
        return {"consumers": await reconciler.report()}

    return router
