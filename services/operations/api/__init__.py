"""The desk over HTTP: translation only."""

from fastapi import APIRouter

from services.operations.api.checks import checks_router
from services.operations.api.events import events_router
from services.operations.api.holds import holds_router
from services.operations.api.imports import imports_router
from services.operations.api.lanes import Reason, lanes_router
from services.operations.api.own_timeline import own_timeline_router
from services.operations.api.refusals import refusals_router
from services.operations.api.timeline import timeline_router
from services.operations.blindness import Blindness
from services.operations.handlers import Desk
from shared.database import Pool
from shared.eventlog import Codec, EventLog
from shared.messaging import ParkedLanes, Reconciler

__all__ = ["Reason", "build_router"]


def build_router(
    *,
    desk: Desk,
    log: EventLog,
    codec: Codec,
    pool: Pool,
    lanes: ParkedLanes,
    reconciler: Reconciler,
) -> APIRouter:
    """Return the routes of the desk; every effect they need is a parameter."""
    router, blindness = APIRouter(), Blindness(log, codec)
    router.include_router(timeline_router(pool, blindness))
    router.include_router(own_timeline_router(pool, log, codec))
    router.include_router(events_router(log, blindness))
    router.include_router(lanes_router(desk, lanes))
    router.include_router(refusals_router(pool, blindness))
    router.include_router(holds_router(desk))
    router.include_router(imports_router(desk))
    router.include_router(checks_router(log, reconciler))
    return router
