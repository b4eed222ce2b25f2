"""The composition root of the desk."""

from collections.abc import Sequence

import jwt
from fastapi import FastAPI

from services.operations import outgoing
from services.operations.api import build_router
from services.operations.clocks import follow_decisions, forget_old_refusals
from services.operations.domain import decide
from services.operations.facts import AnyFact
from services.operations.handlers import Desk
from services.operations.read_models import timeline
from services.operations.settings import Settings
from shared.eventlog import Codec
from shared.messaging import ParkedLanes, Reconciler
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(AnyFact)

GATHER_SECONDS = 0.25
"""It follows all facts of all services; whoever reads here looks at what has been."""


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return the desk, wired but not yet connected to anything."""
    definition = Definition(
        name="operations",
        settings=settings,
        codec=CODEC,
        read_models=(timeline(CODEC),),
        to_public=outgoing.to_public,
        own_categories=(decide.desk.category,),
        gather_seconds=GATHER_SECONDS,
        wire=_wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts) -> Wiring:
    lanes = ParkedLanes(parts.pool)
    desk = Desk(
        handling=parts.handling,
        lanes=lanes,
        vault=parts.vault,
        call=parts.call,
        clock=parts.clock,
    )
    reconciler = Reconciler(parts.pool, parts.log)
    return Wiring(
        routers=(
            build_router(
                desk=desk,
                log=parts.log,
                codec=CODEC,
                pool=parts.pool,
                lanes=lanes,
                reconciler=reconciler,
            ),
        ),
        background=(
            follow_decisions(parts.log, CODEC, lanes),
            forget_old_refusals(parts.pool, parts.clock),
            reconciler.run,
        ),
    )


__all__ = ["Settings", "build"]
