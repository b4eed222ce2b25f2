"""The directory: filled by operations, listed by id, opened only for letters."""

from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.submission.api.cohorts import READERS
from services.submission.domain.person.commands import StateOrganisation
from services.submission.handlers import (
    Addressee,
    Addressees,
    Entry,
    People,
    Recipient,
    organisation_id_of,
)
from services.submission.read_models import PersonRow, people_after
from shared.clock import Clock
from shared.database import Pool
from shared.handling import Handled
from shared.vocabulary import CaseId, PersonId
from shared.web.requests import Ask, Asked, Page, Paging, Reader, posted

DirectoryRole: TypeAlias = Literal[
    "participant",
    "mentor",
    "reviewer",
    "moderator",
    "lead_moderator",
    "panel_member",
    "appeal_panel",
    "operations",
    "auditor",
]
"""What a person may be; services are no people."""

FilledName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class NewPerson(BaseModel):
    """Somebody to be in the directory."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: PersonId | None = None
    """Without one it follows from the address."""
    name: FilledName
    email: Annotated[str, Field(min_length=3, max_length=254)]
    organisation: FilledName | None = None
    """Name or id of the employer; who judges needs one."""
    roles: Annotated[tuple[DirectoryRole, ...], Field(min_length=1, max_length=7)]

    def entry(self) -> Entry:
        """Return the person as the directory takes them."""
        organisation = self.organisation
        return Entry(
            name=self.name,
            email=self.email,
            organisation_id=organisation_id_of(organisation) if organisation else None,
            roles=self.roles,
            person_id=self.id,
        )


class Employer(BaseModel):
    """For whom somebody works from now on."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    organisation: FilledName
    """Name or id."""


class WhoseContact(BaseModel):
    """Whose name and address a letter needs."""

    model_config = ConfigDict(extra="forbid")

    person_id: PersonId
    case_id: CaseId | None = None
    """None where who asks knows under which programme the case is judged."""


def people_router(
    people: People, addressees: Addressees, pool: Pool, clock: Clock
) -> APIRouter:
    """Return the routes of the directory."""
    router = APIRouter(tags=["people"])

    async def register(body: NewPerson, ask: Asked) -> Handled:
        return await people.register(body.entry(), clock(), ask.cause)

    @router.post("/people", status_code=201)
    async def add(body: NewPerson, ask: Ask) -> JSONResponse:
        ask.require("operations")
        return posted(await register(body, ask))

    @router.post("/internal/people", status_code=201)
    async def add_imported(body: NewPerson, ask: Ask) -> JSONResponse:
        ask.require_service("operations")
        return posted(await register(body, ask))

    @router.post("/people/{person_id}/organisation")
    async def state_organisation(
        person_id: Annotated[PersonId, Path()], body: Employer, ask: Ask
    ) -> JSONResponse:
        ask.require("operations")
        organisation_id = organisation_id_of(body.organisation)
        answer = {"person_id": person_id, "organisation_id": organisation_id}
        command = StateOrganisation(
            person_id=person_id, organisation_id=organisation_id, at=clock()
        )
        cause = ask.cause.answer(200, answer)
        return posted(await people.state_organisation(command, cause))

    @router.get("/people")
    async def list_people(reader: Reader, page: Paging) -> Page[PersonRow]:
        reader.require(*READERS)
        after = page.after[0] if page.after else ""
        rows = await people_after(pool, after=after, limit=page.limit + 1)
        return page.of(rows, key=lambda row: (row.person_id,))

    @router.post("/internal/contact")
    async def contact(body: WhoseContact, reader: Reader) -> Addressee | Recipient:
        """Return how to write to somebody; never stored in clear, never logged."""
        reader.require_service("notification")
        if body.case_id is None:
            return await addressees.recipient(body.person_id)
        return await addressees.addressee(body.person_id, body.case_id)

    return router
