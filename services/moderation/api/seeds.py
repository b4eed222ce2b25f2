"""Seeds: the pool of a programme, its panels, and how reviewers do on them."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, StreamingResponse

from services.moderation.handlers import (
    MarkWords,
    Pools,
    RetireWords,
    SeedAsking,
    SeedShowing,
    SeedWords,
)
from services.moderation.handlers.seeding.pool import seed_id_of
from services.moderation.handlers.seeding.showing import (
    CohortSeeds,
    RefusedSeed,
    SeedView,
)
from services.moderation.handlers.seeding.words import ProgrammeCode
from services.moderation.read_models import START
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceId
from shared.vocabulary import CohortId
from shared.web.cursors import moment_and_id
from shared.web.identity import Identity
from shared.web.portfolio import PortfolioView, download
from shared.web.requests import Ask, Page, Paging, Reader, posted

LEAD = "lead_moderator"
Programme = Annotated[ProgrammeCode, Path()]
SeedId = Annotated[str, Path(pattern=r"^s[0-9a-f]{20}$")]


def seeds_router(pools: Pools, showing: SeedShowing, clock: Clock) -> APIRouter:
    """Return the routes of seeds."""
    router = APIRouter(tags=["seeds"])
    _add_pool(router, pools, clock)
    _add_panel(router, pools, clock)
    _add_reading(router, showing)
    return router


def _add_pool(router: APIRouter, pools: Pools, clock: Clock) -> None:
    @router.post("/seeds/{programme}", status_code=201)
    async def make(programme: Programme, body: SeedWords, ask: Ask) -> JSONResponse:
        """Have three people judge a decided case anew, so that it can be a seed."""
        ask.require(LEAD)
        asking = _asking(programme, ask.identity, clock)
        cause = ask.cause.answer(201, {"seed_id": seed_id_of(body)})
        return posted(await pools.make(asking, body, cause))

    @router.post("/seeds/{programme}/{seed_id}/retirement")
    async def retire(
        programme: Programme, seed_id: SeedId, body: RetireWords, ask: Ask
    ) -> JSONResponse:
        ask.require(LEAD)
        asking = _asking(programme, ask.identity, clock)
        cause = ask.cause.answer(200, {"seed_id": seed_id})
        return posted(await pools.retire(asking, seed_id, body, cause))


def _add_panel(router: APIRouter, pools: Pools, clock: Clock) -> None:
    @router.post("/seeds/{programme}/{seed_id}/marks", status_code=201)
    async def mark(
        programme: Programme, seed_id: SeedId, body: MarkWords, ask: Ask
    ) -> JSONResponse:
        """Say what it is worth, seeing nobody else's marks."""
        ask.require("moderator", LEAD)
        asking = _asking(programme, ask.identity, clock)
        cause = ask.cause.answer(201, {"seed_id": seed_id})
        return posted(await pools.mark(asking, seed_id, body, cause))

    @router.get("/seeds/{programme}/{seed_id}/portfolio")
    async def portfolio(
        programme: Programme, seed_id: SeedId, reader: Reader
    ) -> PortfolioView:
        reader.require("moderator", LEAD)
        asking = _asking(programme, reader, clock)
        content_hash, found = await pools.portfolios.portfolio(asking, seed_id)
        return PortfolioView.of(found, content_hash)

    @router.get("/seeds/{programme}/{seed_id}/files/{evidence_id}")
    async def file(
        programme: Programme, seed_id: SeedId, evidence_id: EvidenceId, reader: Reader
    ) -> StreamingResponse:
        reader.require("moderator", LEAD)
        asking = _asking(programme, reader, clock)
        return download(await pools.portfolios.file(asking, seed_id, evidence_id))


def _add_reading(router: APIRouter, showing: SeedShowing) -> None:
    @router.get("/seeds/{programme}")
    async def pool(
        programme: Programme, reader: Reader, page: Paging
    ) -> Page[SeedView]:
        """Return the pool, by id; no marks before all of a panel have judged."""
        reader.require(LEAD, "auditor", "operations")
        after = "".join(page.after)
        found = [e for e in await showing.pool(programme) if e.seed_id > after]
        return page.of(found, key=lambda each: (each.seed_id,))

    @router.get("/seeds/{programme}/refused")
    async def refused(
        programme: Programme, reader: Reader, page: Paging
    ) -> Page[RefusedSeed]:
        """Return what was refused to become a seed, oldest first."""
        reader.require(LEAD, "auditor", "operations")
        after = moment_and_id(page.after, start=START)
        found = [e for e in await showing.refused(programme) if e.key > after]
        return page.of(found, key=lambda each: (each.at.isoformat(), each.case_id))

    @router.get("/cohorts/{cohort_id}/seeds")
    async def of_cohort(
        cohort_id: Annotated[CohortId, Path()], reader: Reader
    ) -> CohortSeeds:
        """Return how the reviewers of a cohort do on seeds; not the reader's own."""
        reader.require(LEAD, "auditor", "operations")
        return await showing.of_cohort(cohort_id, but_of=reader.person_id)


def _asking(programme: str, identity: Identity, clock: Clock) -> SeedAsking:
    return SeedAsking(programme=programme, by=identity.person_id, at=clock())
