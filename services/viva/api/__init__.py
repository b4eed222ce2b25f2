"""Viva over HTTP: translation only, no rules."""

from fastapi import APIRouter

from services.viva.api.awards import awards_router
from services.viva.api.panels import panels_router
from services.viva.api.reading import reading_router
from services.viva.api.rounds import rounds_router
from services.viva.api.vivas import vivas_router
from services.viva.handlers import Answers, Panels, Rounds, Vivas
from shared.clock import Clock
from shared.database import Pool
from shared.web.confirming import confirming_router


def build_router(
    *,
    vivas: Vivas,
    panels: Panels,
    rounds: Rounds,
    answers: Answers,
    pool: Pool,
    clock: Clock,
) -> APIRouter:
    """Return the routes of viva; every effect they need is a parameter."""
    router = APIRouter()
    router.include_router(rounds_router(rounds, pool, clock))
    router.include_router(vivas_router(vivas, pool, clock))
    router.include_router(panels_router(panels, clock))
    router.include_router(reading_router(answers.opening))
    router.include_router(awards_router(pool))
    router.include_router(confirming_router(answers.confirming.is_still_true))
    return router
