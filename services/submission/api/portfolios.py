"""Handing in a portfolio: one file and what it lacks, in one request."""

from typing import Annotated

from fastapi import APIRouter, Form, Response, UploadFile
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.submission.api.uploads import Reception, told
from services.submission.documents.portfolio import RoleContext
from services.submission.documents.reading import widest
from services.submission.handlers import Asker, Portfolios
from services.submission.handlers import Form as Details
from shared.clock import Clock
from shared.programmes import every_version
from shared.vocabulary import CohortId
from shared.web.requests import Ask, Asked

Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)
]


FORM_BYTES = 1024 * 1024
"""What a request holds beside the file: fields, headers of parts (P)."""


class Handover(BaseModel):
    """The file, and what fills in for what it lacks."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    file: UploadFile
    cohort: CohortId | None = None
    name: Said | None = None
    email: Said | None = None
    organisation: Said | None = None
    mentor: Said | None = None
    """``Name <address>``."""
    role_context: RoleContext | None = None

    def details(self) -> Details:
        """Return what is said beside the file."""
        return Details(
            cohort=self.cohort,
            name=self.name,
            email=self.email,
            organisation=self.organisation,
            mentor=self.mentor,
            role_context=self.role_context,
        )


def portfolios_router(
    portfolios: Portfolios, clock: Clock, reception: Reception
) -> APIRouter:
    """Return the route that takes portfolios."""
    router = APIRouter(tags=["portfolios"])
    largest = max(each.policy.uploads.portfolio_bytes.value for each in every_version())

    @router.post("/portfolios", status_code=201, max_body_size=largest + FORM_BYTES)
    async def hand_in(body: Annotated[Handover, Form()], ask: Ask) -> Response:
        at = ask.received_at or clock()
        ask.require("operations", "participant")
        form = body.details()
        limits = widest(await portfolios.programmes_for(form))
        limit_bytes = limits.portfolio_bytes.value
        async with reception.received(body.file, limit_bytes) as upload:
            handing_in = portfolios.hand_in(
                upload, form, asker_of(ask), at=at, cause=ask.cause
            )
            return await told(handing_in)

    return router


def asker_of(ask: Asked) -> Asker:
    """Return who hands in: operations for anybody, a participant for themself."""
    is_participant = not ask.identity.may("operations")
    return Asker(
        person_id=ask.identity.person_id,
        is_participant=is_participant,
        verified_email=ask.identity.verified_email if is_participant else None,
    )
