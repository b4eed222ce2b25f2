"""The composition root of moderation: the only file that knows all the others."""

import secrets
from collections.abc import Sequence
from functools import partial

import jwt
from fastapi import FastAPI

from services.moderation import consumers, outgoing, read_models
from services.moderation.api import build_router
from services.moderation.clocks import compare_seeds, end_takes, mark_overdue
from services.moderation.domain.events import ModerationFact
from services.moderation.domain.sampling import KEY_BYTES
from services.moderation.handlers import (
    Arrivals,
    Blindness,
    Cases,
    Disclosure,
    Drafting,
    Due,
    Exports,
    Opening,
    Placing,
    Plans,
    Pools,
    QualificationShowing,
    Qualifying,
    Rechecks,
    Releases,
    Reports,
    SeedCourses,
    SeedPortfolios,
    SeedShowing,
    Setting,
    Showing,
    Standings,
)
from services.moderation.settings import Settings
from shared.drafts import Drafts
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app
from shared.workers import Workers

CODEC = Codec(ModerationFact)


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return moderation, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="moderation",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    handling, vault, clock = parts.handling, parts.vault, parts.clock
    due = Due(handling)
    opening = Opening(handling, parts.snapshots)
    qualifying = Qualifying(handling, vault, Setting(parts.snapshots))
    standings = Standings(handling, vault)
    rechecks = Rechecks(handling, vault, standings)
    blindness = Blindness(handling)
    showing = Showing(opening, vault)
    router = build_router(
        plans=Plans(handling, vault, partial(secrets.token_bytes, KEY_BYTES)),
        releases=Releases(handling, vault),
        cases=Cases(handling, vault, opening),
        blindness=blindness,
        showing=showing,
        drafting=Drafting(showing, blindness),
        drafts=Drafts(parts.pool, vault),
        standings=standings,
        rechecks=rechecks,
        disclosure=Disclosure(handling, parts.log, CODEC),
        exports=Exports(handling, parts.log, CODEC),
        reports=Reports(handling, parts.log, Workers("reports")),
        pools=Pools(handling, vault, SeedPortfolios(handling, parts.snapshots)),
        seeds=SeedShowing(handling),
        qualifying=qualifying,
        courses=QualificationShowing(handling, parts.log, vault),
        pool=parts.pool,
        clock=clock,
    )
    arrivals = Arrivals(handling, vault, Placing(parts.snapshots))
    every_seconds = settings.moderation_overdue_check_seconds
    courses = SeedCourses(handling, vault, qualifying)
    return Wiring(
        routers=(router,),
        handlers=consumers.build(arrivals, due, clock),
        background=(
            mark_overdue(due, parts.pool, clock, every_seconds=every_seconds),
            end_takes(rechecks, parts.pool, clock, every_seconds=every_seconds),
            compare_seeds(courses, parts.pool, clock, every_seconds=every_seconds),
        ),
    )


__all__ = ["Settings", "build"]
