"""The composition root of review: the only file that knows all the others."""

from collections.abc import Sequence
from functools import partial

import jwt
from fastapi import FastAPI

from services.review import consumers, outgoing, read_models
from services.review.api import build_router
from services.review.assignment.planner import Planner
from services.review.clocks import (
    find_conflicts,
    free_allocations,
    lapse_claims,
    mark_overdue,
)
from services.review.domain.events import ReviewFact
from services.review.handlers import (
    Allocating,
    Arrivals,
    Claims,
    Comparing,
    Confirming,
    Conflicts,
    Drafting,
    Moving,
    Opening,
    Overriding,
    Recalling,
    Reviewers,
    Reviews,
    Sealing,
)
from services.review.settings import Settings
from shared.drafts import Drafts
from shared.eventlog import Codec
from shared.programmes import every_phrase
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(ReviewFact)


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return review, wired but not yet connected to anything.

    Raises:
        ProgrammeFileError: a file of phrases cannot be used.
    """
    every_phrase()

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="review",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    handling, clock = parts.handling, parts.clock
    claims = Claims(handling)
    reviewers = Reviewers(handling, partial(read_models.held_by, parts.pool))
    opening = Opening(handling, parts.vault, parts.snapshots)
    sealing = Sealing(parts.vault)
    reviews = Reviews(handling, opening, sealing)
    lapses = lapse_claims(
        claims, parts.pool, clock, every_seconds=settings.review_lapse_check_seconds
    )
    overdue = mark_overdue(
        claims, parts.pool, clock, every_seconds=settings.review_overdue_check_seconds
    )
    allocating = Allocating(handling, Planner())
    freed = free_allocations(
        allocating, parts.pool, clock, every_seconds=settings.review_lapse_check_seconds
    )

    conflicts = Conflicts(handling, sealing)
    late = find_conflicts(
        conflicts,
        parts.pool,
        clock,
        every_seconds=settings.review_lapse_check_seconds,
    )

    async def caught_up() -> bool:
        head = await parts.log.head()
        return await parts.projector.reached(head.position, within_seconds=5.0)

    return Wiring(
        routers=(
            build_router(
                claims=claims,
                reviews=reviews,
                recalling=Recalling(handling, sealing),
                reviewers=reviewers,
                opening=opening,
                allocating=allocating,
                moving=Moving(handling, opening, sealing),
                overriding=Overriding(handling, opening, sealing),
                conflicts=conflicts,
                comparing=Comparing(handling, opening),
                confirming=Confirming(handling, parts.log),
                drafting=Drafting(handling, opening),
                drafts=Drafts(parts.pool, parts.vault),
                pool=parts.pool,
                caught_up=caught_up,
                clock=clock,
            ),
        ),
        handlers=consumers.build(Arrivals(handling), reviewers),
        background=(lapses, overdue, freed, late),
    )


__all__ = ["Settings", "build"]
