"""Appeals over HTTP: translation only, no rules."""

from fastapi import APIRouter

from services.appeals.api.conversations import conversations_router
from services.appeals.api.hearings import hearings_router
from services.appeals.api.office import office_router
from services.appeals.api.participants import participants_router
from services.appeals.handlers import (
    Answering,
    Asking,
    Confirming,
    Conversations,
    Overview,
    Showing,
)
from shared.clock import Clock
from shared.database import Pool
from shared.web.confirming import confirming_router


def build_router(  # noqa: PLR0913 - every effect the routes need is a parameter
    *,
    asking: Asking,
    answering: Answering,
    conversations: Conversations,
    overview: Overview,
    showing: Showing,
    confirming: Confirming,
    pool: Pool,
    clock: Clock,
) -> APIRouter:
    """Return the routes of appeals; every effect they need is a parameter."""
    router = APIRouter()
    router.include_router(participants_router(asking, overview, showing, pool, clock))
    router.include_router(office_router(answering, showing, pool, clock))
    router.include_router(hearings_router(answering, showing, pool, clock))
    router.include_router(conversations_router(conversations, pool, clock))
    router.include_router(confirming_router(confirming.is_still_true))
    return router
