"""Autosave over HTTP: what somebody types before it is a fact, for them alone."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from shared.clock import Clock
from shared.drafts import Drafts, Place

DRAFT_CHARACTERS = 200_000
"""About ten times a long section (P)."""

Form = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A form of the service that keeps the drafts."""


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


def drafts_router(
    prefix: str, place_of: Callable[..., Awaitable[Place]], drafts: Drafts, clock: Clock
) -> APIRouter:
    """Return the routes of drafts below *prefix*, which ends with ``{form}``.

    *place_of* is a dependency: it takes the parameters of the path and the asker, and
    refuses whoever may not write there.
    """
    router = APIRouter(tags=["drafts"], prefix=prefix)

    @router.put("")
    async def save(body: Typed, place: Annotated[Place, Depends(place_of)]) -> Saved:
        version = await drafts.save(
            place.author, place.form, body.text, after=body.after, at=clock()
        )
        return Saved(version=version)

    @router.get("")
    async def latest(
        place: Annotated[Place, Depends(place_of)],
        version: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
    ) -> DraftView:
        found = await drafts.read(place.author, place.form, version)
        return DraftView.model_validate(found)

    @router.get("/versions")
    async def versions(place: Annotated[Place, Depends(place_of)]) -> list[Kept]:
        kept = await drafts.versions(place.author, place.form)
        return [Kept(version=number, saved_at=saved_at) for number, saved_at in kept]

    return router
