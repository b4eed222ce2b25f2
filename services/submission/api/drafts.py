"""Autosave: what a participant types, before it is a fact; for their eyes alone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from services.submission.handlers.own_case import read_own
from shared.clock import Clock
from shared.drafts import Author, Drafts
from shared.handling import Handling
from shared.vocabulary import CaseId
from shared.web.requests import Reader

DRAFT_CHARACTERS = 200_000
"""About ten times a long section (P)."""

Form = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class Typed(BaseModel):
    """What stands in the form now, and the version it rests on."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, Field(max_length=DRAFT_CHARACTERS)]
    after: Annotated[int, Field(ge=0, le=2_000_000_000)] = 0
    """Number of the version that was changed; 0 where there was none."""


class Saved(BaseModel):
    """The number under which a draft is kept."""

    version: int


class DraftView(BaseModel):
    """One version of a draft."""

    model_config = ConfigDict(from_attributes=True)

    form: str
    version: int
    text: str
    saved_at: datetime


class Kept(BaseModel):
    """A version that can be read again."""

    version: int
    saved_at: datetime


def drafts_router(drafts: Drafts, handling: Handling, clock: Clock) -> APIRouter:
    """Return the routes of drafts; a form is a section of one's own case."""
    router = APIRouter(tags=["drafts"], prefix="/cases/{case_id}/drafts/{form}")

    @router.put("")
    async def save(case_id: CaseId, form: Form, body: Typed, reader: Reader) -> Saved:
        await read_own(handling, case_id, reader.person_id)
        author, name = Author(reader.person_id), f"{case_id}.{form}"
        version = await drafts.save(
            author, name, body.text, after=body.after, at=clock()
        )
        return Saved(version=version)

    @router.get("")
    async def latest(
        case_id: CaseId,
        form: Form,
        reader: Reader,
        version: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
    ) -> DraftView:
        await read_own(handling, case_id, reader.person_id)
        author, name = Author(reader.person_id), f"{case_id}.{form}"
        return DraftView.model_validate(await drafts.read(author, name, version))

    @router.get("/versions")
    async def versions(case_id: CaseId, form: Form, reader: Reader) -> list[Kept]:
        await read_own(handling, case_id, reader.person_id)
        author, name = Author(reader.person_id), f"{case_id}.{form}"
        kept = await drafts.versions(author, name)
        return [Kept(version=number, saved_at=saved_at) for number, saved_at in kept]

    return router
