"""The composition root of viva: the only file that knows all the others."""

import secrets
from collections.abc import Sequence

import jwt
from fastapi import FastAPI

from services.viva import consumers, outgoing, read_models
from services.viva.api import build_router
from services.viva.clocks import follow_offers
from services.viva.domain.events import VivaFact
from services.viva.handlers import (
    Answers,
    Arrangements,
    Conferring,
    Confirming,
    Opening,
    Panellists,
    Panels,
    Reminding,
    Rounds,
    Vivas,
)
from services.viva.settings import Settings
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(VivaFact)


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return viva, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="viva",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    handling, clock = parts.handling, parts.clock
    conferring = Conferring(secrets.token_bytes)
    vivas = Vivas(handling, conferring, Arrangements(parts.call))
    router = build_router(
        vivas=vivas,
        panels=Panels(handling, conferring, parts.vault),
        rounds=Rounds(handling),
        answers=Answers(
            Opening(handling, parts.vault, parts.snapshots),
            Confirming(parts.log, CODEC, clock),
        ),
        pool=parts.pool,
        clock=clock,
    )
    handlers = consumers.build(vivas, Panellists(handling), clock)
    reminders = follow_offers(
        Reminding(handling, conferring),
        parts.pool,
        clock,
        every_seconds=settings.viva_reminder_check_seconds,
    )
    return Wiring(routers=(router,), handlers=handlers, background=(reminders,))


__all__ = ["Settings", "build"]
