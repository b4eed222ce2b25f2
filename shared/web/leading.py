"""Who leads a cohort: what notification asks moderation before a letter to them."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from shared.errors import NotFoundError
from shared.vocabulary import CohortId, PersonId
from shared.web.requests import Reader

PATH = "/internal/lead"

LeadOf: TypeAlias = Callable[[str], Awaitable[str | None]]
"""Who leads the moderation of a cohort; None where nobody does yet."""


class NobodyLeadsError(NotFoundError):
    """No plan of this cohort is published, so nobody leads its moderation yet."""


class Led(BaseModel):
    """Which cohort a letter is about."""

    model_config = ConfigDict(extra="forbid")

    cohort_id: CohortId


class Lead(BaseModel):
    """Who leads its moderation."""

    person_id: PersonId


def leading_router(lead_of: LeadOf) -> APIRouter:
    """Return the route that notification asks for the address of the lead."""
    router = APIRouter(tags=["internal"])

    @router.post(PATH)
    async def lead(body: Led, reader: Reader) -> Lead:
        """Answer from a fold; asked at the moment of sending, so never stored."""
        reader.require_service("notification")
        person_id = await lead_of(body.cohort_id)
        if person_id is None:
            raise NobodyLeadsError(cohort_id=body.cohort_id)
        return Lead(person_id=person_id)

    return router
