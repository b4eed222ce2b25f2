"""The composition root of appeals: the only file that knows all the others."""

from collections.abc import Sequence

import jwt
from fastapi import FastAPI

from services.appeals import consumers, outgoing, read_models
from services.appeals.api import build_router
from services.appeals.clocks import follow_due_days
from services.appeals.domain.events import AppealFact
from services.appeals.handlers import (
    Answering,
    Arrivals,
    Asking,
    Confirming,
    Conversations,
    Overview,
    Sealing,
    Showing,
    terms_of,
)
from services.appeals.settings import Settings
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(AppealFact)

GATHER_SECONDS = 0.25
"""It hears of every case, long before somebody may appeal."""


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return appeals, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="appeals",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        gather_seconds=GATHER_SECONDS,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    handling, clock = parts.handling, parts.clock
    sealing = Sealing(parts.vault)
    answering = Answering(handling, sealing)
    overdue = follow_due_days(
        answering,
        parts.pool,
        clock,
        every_seconds=settings.appeals_overdue_check_seconds,
    )
    return Wiring(
        routers=(
            build_router(
                asking=Asking(handling, sealing),
                answering=answering,
                conversations=Conversations(handling),
                overview=Overview(handling),
                showing=Showing(handling, parts.vault),
                confirming=Confirming(handling, parts.log, CODEC),
                pool=parts.pool,
                clock=clock,
            ),
        ),
        handlers=consumers.build(Arrivals(handling), terms_of, clock),
        background=(overdue,),
    )


__all__ = ["Settings", "build"]
