"""The composition root of submission: the only file that knows all the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import jwt
from fastapi import FastAPI

from services.submission import consumers, outgoing, read_models
from services.submission.api import (
    Life,
    build_router,
    life_router,
    portfolios_router,
)
from services.submission.clocks import keep_dates
from services.submission.documents import DocumentReaders
from services.submission.domain.events import SubmissionFact
from services.submission.handlers import (
    Addressees,
    Adjustments,
    Applications,
    Cases,
    Cohorts,
    Details,
    Enrolments,
    Following,
    Keeping,
    People,
    Portfolios,
    Queries,
    Timekeeping,
    Words,
)
from services.submission.settings import Settings
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(SubmissionFact)


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return submission, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="submission",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    handling = parts.handling
    people = People(handling, parts.vault)
    readers = DocumentReaders(count=settings.submission_readers)
    portfolios = Portfolios(
        handling=handling,
        details=Details(people),
        keeping=Keeping(parts.blobs),
        readers=readers,
        vault=parts.vault,
    )
    settings.work_directory.mkdir(parents=True, exist_ok=True)
    life = _life(parts)
    dates = keep_dates(
        life.timekeeping,
        parts.pool,
        parts.clock,
        every_seconds=settings.submission_dates_check_seconds,
    )
    return Wiring(
        routers=(
            build_router(
                cohorts=Cohorts(handling),
                people=people,
                addressees=Addressees(handling, people),
                cases=Cases(handling),
                pool=parts.pool,
                clock=parts.clock,
            ),
            portfolios_router(portfolios, parts.clock, settings.work_directory),
            life_router(life, parts.clock),
        ),
        handlers=consumers.build(life.following),
        background=(_until_stopped(readers), dates),
    )


def _life(parts: Parts) -> Life:
    handling, vault = parts.handling, parts.vault
    words = Words(handling, vault)
    return Life(
        applications=Applications(handling, vault),
        enrolments=Enrolments(handling),
        adjustments=Adjustments(handling, vault, words),
        queries=Queries(handling, vault, words),
        following=Following(handling),
        timekeeping=Timekeeping(handling),
    )


def _until_stopped(readers: DocumentReaders) -> Callable[[], Awaitable[None]]:
    """Return a loop that does nothing but end the reading processes when it ends."""

    async def keep() -> None:
        async with readers:
            await asyncio.Event().wait()

    return keep


__all__ = ["Settings", "build"]
