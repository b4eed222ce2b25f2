"""The composition root of submission: the only file that knows all the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import jwt
from fastapi import APIRouter, FastAPI

from services.submission import consumers, outgoing, pages, read_models
from services.submission.api import (
    Life,
    build_router,
    life_router,
    portfolios_router,
)
from services.submission.api.applying import applying_router
from services.submission.api.building import Desk as BuildingDesk
from services.submission.api.building import building_router
from services.submission.api.contributions import contributions_router
from services.submission.api.drafts import own_drafts_router
from services.submission.api.own import own_router
from services.submission.api.scanning import scanning_router
from services.submission.api.uploads import Reception
from services.submission.clocks import Sweeping, keep_dates, keep_swept
from services.submission.documents import DocumentReaders
from services.submission.domain.events import SubmissionFact
from services.submission.gateways import NotedFiles, Scanner, ScannerAddress, Workplace
from services.submission.handlers import (
    Addressees,
    Adjustments,
    Applications,
    Cases,
    Cohorts,
    Details,
    Enrolments,
    Following,
    Forms,
    Keeping,
    People,
    Portfolios,
    Queries,
    Timekeeping,
    Words,
)
from services.submission.handlers.building import Building
from services.submission.handlers.contributions import Contributions
from services.submission.handlers.guests import Guests
from services.submission.handlers.links import Links
from services.submission.handlers.snapshots import Assembling
from services.submission.handlers.viewing import Viewing
from services.submission.settings import Settings
from shared.drafts import Drafts
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(SubmissionFact)


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return submission, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        noted = NotedFiles(parts.pool)
        noting = replace(parts, blobs=parts.blobs.noting(noted.note))
        return _wire(noting, settings, noted)

    definition = Definition(
        name="submission",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        wire=wire,
        check=_check,
    )
    return service_app(definition, trusted_keys=trusted_keys)


async def _check(parts: Parts) -> None:
    await Cohorts(parts.handling).refuse_edited_programmes()


def _wire(parts: Parts, settings: Settings, noted: NotedFiles) -> Wiring:
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
    workplace = Workplace.open(settings.work_directory)
    scanner = _scanner(settings)
    check = None if scanner is None else scanner.check
    reception = Reception(workplace.folder, check)
    life = _life(parts)
    contributions = _contributions(parts, settings, people)
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
            portfolios_router(portfolios, parts.clock, reception),
            scanning_router(scanner),
            applying_router(_forms(parts, people, readers), parts.clock, reception),
            life_router(life, parts.clock),
            *_building(parts, reception, readers),
            *_contributing(parts, contributions),
        ),
        holds_a_link=contributions.links.is_held_in,
        handlers=consumers.build(life.following),
        background=(
            _until_stopped(readers, workplace),
            dates,
            keep_swept(Sweeping(handling, parts.blobs, noted)),
        ),
    )


def _scanner(settings: Settings) -> Scanner | None:
    address = settings.submission_malware_scanner
    return None if address is None else Scanner(ScannerAddress.parse(address))


def _life(parts: Parts) -> Life:
    handling, vault = parts.handling, parts.vault
    words = Words(handling, vault)
    return Life(
        applications=Applications(handling, vault),
        enrolments=Enrolments(handling),
        adjustments=Adjustments(handling, words),
        queries=Queries(handling, words),
        following=Following(handling),
        timekeeping=Timekeeping(handling),
    )


def _forms(parts: Parts, people: People, readers: DocumentReaders) -> Forms:
    return Forms(
        handling=parts.handling,
        people=people,
        readers=readers,
        blobs=parts.blobs,
        vault=parts.vault,
        words=Words(parts.handling, parts.vault),
    )


def _building(
    parts: Parts, reception: Reception, readers: DocumentReaders
) -> tuple[APIRouter, ...]:
    """Return the routes by which a participant builds a portfolio."""
    building = Building(
        handling=parts.handling, readers=readers, blobs=parts.blobs, vault=parts.vault
    )
    drafts = Drafts(parts.pool, parts.vault)
    return (
        building_router(BuildingDesk(building, parts.clock, reception)),
        own_router(_viewing(parts), parts.clock),
        own_drafts_router(drafts, parts.handling, parts.clock),
    )


def _contributions(parts: Parts, settings: Settings, people: People) -> Contributions:
    url = settings.submission_link_url or settings.submission_url
    return Contributions(
        handling=parts.handling,
        people=people,
        blobs=parts.blobs,
        links=Links(parts.vault, url),
    )


def _contributing(parts: Parts, contributions: Contributions) -> tuple[APIRouter, ...]:
    """Return the routes by which others are asked for their words, and give them."""
    guests = Guests(parts.handling, contributions, _viewing(parts))
    return (
        contributions_router(contributions, parts.clock),
        pages.links_router(pages.Desk(contributions, guests, parts.clock)),
    )


def _viewing(parts: Parts) -> Viewing:
    return Viewing(parts.handling, Assembling(parts.blobs, parts.vault))


def _until_stopped(
    readers: DocumentReaders, workplace: Workplace
) -> Callable[[], Awaitable[None]]:
    """Return a loop that only ends the reading processes when it ends, and tidies."""

    async def keep() -> None:
        try:
            async with readers:
                await asyncio.Event().wait()
        finally:
            workplace.close()

    return keep


__all__ = ["Settings", "build"]
