"""The composition root of submission: the only file that knows all the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import jwt
from fastapi import FastAPI

from services.submission import outgoing, read_models
from services.submission.api import build_router, portfolios_router
from services.submission.documents import DocumentReaders
from services.submission.domain.events import SubmissionFact
from services.submission.handlers import (
    Addressees,
    Cases,
    Cohorts,
    Details,
    Keeping,
    People,
    Portfolios,
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
        ),
        background=(_until_stopped(readers),),
    )


def _until_stopped(readers: DocumentReaders) -> Callable[[], Awaitable[None]]:
    """Return a loop that does nothing but end the reading processes when it ends."""

    async def keep() -> None:
        async with readers:
            await asyncio.Event().wait()

    return keep


__all__ = ["Settings", "build"]
