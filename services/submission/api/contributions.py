"""Asking others for their words, and what a letter with a link needs."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.submission.domain.events import ContributionKind
from services.submission.handlers.building import Asking
from services.submission.handlers.contributions import Addressed, Contributions, Wanted
from shared.clock import Clock
from shared.contracts.portfolio import SectionKey
from shared.vocabulary import CaseId
from shared.web.requests import Ask, Reader, posted

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Address = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)
]


class NewRequest(BaseModel):
    """Whose words are wanted; for the mentor the directory knows name and address."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    section: SectionKey
    contribution: ContributionKind
    name: Name | None = None
    email: Address | None = None


class WhichRequest(BaseModel):
    """Which request a letter is about."""

    model_config = ConfigDict(extra="forbid")

    case_id: CaseId
    request_id: SectionKey


def contributions_router(contributions: Contributions, clock: Clock) -> APIRouter:
    """Return the routes of requests for feedback and statements."""
    router = APIRouter(tags=["contributions"])

    @router.post("/cases/{case_id}/requests", status_code=201)
    async def ask_for(
        case_id: Annotated[CaseId, Path()], body: NewRequest, ask: Ask
    ) -> JSONResponse:
        who = ask.identity.person_id
        asking = Asking(case_id=case_id, who=who, at=clock(), cause=ask.cause)
        wanted = Wanted(
            section=body.section,
            contribution=body.contribution,
            name=body.name,
            email=body.email,
        )
        return posted(await contributions.ask(asking, wanted))

    @router.post("/internal/contributor")
    async def contributor(body: WhichRequest, reader: Reader) -> Addressed:
        """Return to whom a request goes, and the link; never stored, never logged."""
        reader.require_service("notification")
        return await contributions.addressed(body.case_id, body.request_id, clock())

    return router
