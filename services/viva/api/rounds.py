"""Rounds of vivas: opened and looked at by operations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from services.viva.handlers import Rounds, RoundWords
from services.viva.handlers.words import RoundId
from services.viva.read_models import RoundRow, round_called, rounds_after
from services.viva.read_models.rounds import START
from shared.clock import Clock
from shared.database import Pool
from shared.errors import NotFoundError
from shared.web.cursors import moment_and_id
from shared.web.requests import Ask, Current, Page, Paging, Reader, posted

READERS = ("operations", "auditor")


class NoSuchRoundError(NotFoundError):
    """There is no round of this id."""


def rounds_router(rounds: Rounds, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of rounds."""
    router = APIRouter(prefix="/rounds", tags=["rounds"])

    @router.post("", status_code=201)
    async def open_round(body: RoundWords, ask: Ask) -> JSONResponse:
        ask.require("operations")
        by = ask.identity.person_id
        return posted(await rounds.open(body, by=by, at=clock(), cause=ask.cause))

    @router.get("")
    async def list_rounds(
        reader: Reader,
        page: Paging,
        programme: Annotated[str | None, Query(max_length=40)] = None,
    ) -> Page[RoundRow]:
        """Return rounds with their slots, by their first date."""
        reader.require(*READERS)
        after = moment_and_id(page.after, start=START)
        rows = await rounds_after(
            pool, programme=programme, after=after, limit=page.limit + 1
        )
        return page.of(
            rows, key=lambda row: (row.first_starts_at.isoformat(), row.round_id)
        )

    @router.get("/{round_id}")
    async def show(
        round_id: Annotated[RoundId, Path()], reader: Reader, _: Current
    ) -> RoundRow:
        reader.require(*READERS)
        found = await round_called(pool, round_id)
        if found is None:
            raise NoSuchRoundError(round_id=round_id)
        return found

    return router
