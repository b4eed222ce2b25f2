"""Whether a cohort has moderators enough, and for which cases it has too few."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.moderation.domain.cover import (
    NEEDED,
    Parts,
    People,
    for_case,
    for_organisations,
    moderating,
)
from services.moderation.handlers import Showing
from services.moderation.read_models import (
    CaseRow,
    awaiting_moderators,
    every_moderator,
)
from shared.database import Pool
from shared.vocabulary import CohortId
from shared.web.requests import Paging, Reader

AWAITING = ("first", "second", "wanted")
"""Stages of a case in which moderators are, or will be, asked to judge it."""


class ShortOrganisation(BaseModel):
    """An organisation whose participants too few moderators may judge."""

    organisation_id: str
    moderators: int


class ShortCase(BaseModel):
    """A case that waits, and how many may judge it or have."""

    case_id: str
    attempt: int
    moderators: int


class Cover(BaseModel):
    """Moderators of a cohort, and where there are fewer than are needed."""

    cohort_id: str
    needed: int
    """Two for each round of a case; after an appeal two more with no part in it."""
    moderators: int
    """Neither paused nor stood down, and somebody knows for whom they work."""
    is_short: bool
    organisations: list[ShortOrganisation]
    """Also before any of their participants is judged."""
    cases: list[ShortCase]


def cover_router(showing: Showing, pool: Pool) -> APIRouter:
    """Return the route that warns of too few moderators."""
    router = APIRouter(tags=["cohorts"])

    @router.get("/cohorts/{cohort_id}/cover")
    async def cover(
        cohort_id: Annotated[CohortId, Path()], reader: Reader, _: Paging
    ) -> Cover:
        """Return where a cohort has too few independent moderators."""
        reader.require("lead_moderator", "operations", "auditor")
        people = await people_of(showing, pool)
        return cover_of(cohort_id, people, await awaiting_moderators(pool, cohort_id))

    return router


async def people_of(showing: Showing, pool: Pool) -> People:
    """Return everybody who was ever made a moderator, as facts have them."""
    return {
        each: await showing.opening.standing_of(each)
        for each in await every_moderator(pool)
    }


def is_short(row: CaseRow, people: People) -> bool:
    """Tell whether a case waits for moderators, and too few may judge it."""
    return row.stage in AWAITING and for_case(people, _parts(row)) < NEEDED


def cover_of(cohort_id: str, people: People, waiting: Sequence[CaseRow]) -> Cover:
    """Return what is short of moderators, from who they are and what waits."""
    able = len(moderating(people, cohort_id))
    organisations = [
        ShortOrganisation(organisation_id=each, moderators=number)
        for each, number in for_organisations(people, cohort_id).items()
        if number < NEEDED
    ]
    cases = [
        ShortCase(
            case_id=row.case_id,
            attempt=row.attempt,
            moderators=for_case(people, _parts(row)),
        )
        for row in waiting
        if is_short(row, people)
    ]
    return Cover(
        cohort_id=cohort_id,
        needed=NEEDED,
        moderators=able,
        is_short=able < NEEDED or bool(cases),
        organisations=organisations,
        cases=cases,
    )


def _parts(row: CaseRow) -> Parts:
    return Parts(
        case_id=row.case_id,
        attempt=row.attempt,
        cohort_id=row.cohort_id,
        organisation_id=row.participant_organisation_id,
        excluded=frozenset(row.excluded),
        judges=frozenset(row.judges),
        judged_at=row.judged_at,
    )
