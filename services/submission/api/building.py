"""Building a portfolio: sections, ratings, evidence, and handing it in."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Response, UploadFile
from fastapi import Path as PathPart
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.submission.api.uploads import Reception, told, written
from services.submission.documents import Upload
from services.submission.domain.events import RoleContext
from services.submission.handlers.building import Asking, Building
from services.submission.handlers.rating import OwnRating, Ratings
from shared.clock import Clock
from shared.contracts.portfolio import EvidenceId, SectionKey
from shared.programmes import every_version
from shared.vocabulary import CaseId
from shared.web.requests import Ask, Asked, posted

SECTION_CHARACTERS = 200_000
"""About ten times a long section (P)."""
FORM_BYTES = 64 * 1024
"""What a request holds beside the file: headers of parts (P)."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Comment = Annotated[str, StringConstraints(max_length=6_000)]
Number = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}$")]
Case = Annotated[CaseId, PathPart()]
Key = Annotated[SectionKey, PathPart()]
Evidence = Annotated[EvidenceId, PathPart()]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shape(_Body):
    """Which template the portfolio follows."""

    template: Code


class Written(_Body):
    """The words of a section, as Markdown."""

    markdown: Annotated[str, Field(min_length=1, max_length=SECTION_CHARACTERS)]


class OneFile(_Body):
    """One file."""

    file: UploadFile


class Rated(_Body):
    """How the participant rates themself against one standard."""

    rating: Code
    comment: Comment = ""


class SelfRating(_Body):
    """A self-assessment, or as much of it as there is so far."""

    standards: dict[Number, Rated] = Field(max_length=200)
    boxes: dict[Code, Comment] = Field(default_factory=dict, max_length=20)

    def ratings(self) -> Ratings:
        """Return it without its form."""
        return Ratings(
            {
                number: OwnRating(each.rating, each.comment)
                for number, each in self.standards.items()
            },
            self.boxes,
        )


class HandIn(_Body):
    """What is said when a portfolio is handed in."""

    role_context: RoleContext | None = None
    fairness: dict[Code, Code] = Field(default_factory=dict, max_length=20)
    """Answers to what the programme asks so that fairness can be watched."""


def largest_bytes() -> int:
    """Return the size of the largest file that any programme takes."""
    return max(each.policy.uploads.file_bytes.value for each in every_version())


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes of building share."""

    building: Building
    clock: Clock
    reception: Reception

    def asking(self, case_id: str, ask: Asked) -> Asking:
        """Return who asks for what change, at the time it came in."""
        who = ask.identity.person_id
        at = ask.received_at or self.clock()
        return Asking(case_id=case_id, who=who, at=at, cause=ask.cause)

    def received(self, file: UploadFile) -> AbstractAsyncContextManager[Upload]:
        """Return *file* as it lies on disk."""
        return self.reception.received(file, largest_bytes())


def building_router(desk: Desk) -> APIRouter:
    """Return the routes that change a portfolio in the making."""
    router = APIRouter(tags=["building"], prefix="/cases/{case_id}")
    _add_words(router, desk)
    _add_files(router, desk)
    return router


def _add_words(router: APIRouter, desk: Desk) -> None:
    @router.post("/template")
    async def choose(case_id: Case, body: Shape, ask: Ask) -> JSONResponse:
        asking = desk.asking(case_id, ask)
        return posted(await desk.building.choose(asking, body.template))

    @router.post("/sections/{key}")
    async def write(case_id: Case, key: Key, body: Written, ask: Ask) -> Response:
        asking = desk.asking(case_id, ask)
        async with written(body.markdown, key, desk.reception.directory) as upload:
            return await told(desk.building.save(asking, key, upload, is_typed=True))

    @router.post("/ratings/{key}")
    async def rate(case_id: Case, key: Key, body: SelfRating, ask: Ask) -> JSONResponse:
        asking = desk.asking(case_id, ask)
        return posted(await desk.building.rate(asking, key, body.ratings()))

    @router.post("/submission", status_code=201)
    async def hand_in(case_id: Case, body: HandIn, ask: Ask) -> JSONResponse:
        asking = desk.asking(case_id, ask)
        handed_in = desk.building.submit(asking, body.role_context, body.fairness)
        return posted(await handed_in)


def _add_files(router: APIRouter, desk: Desk) -> None:
    @router.post("/sections/{key}/file", max_body_size=largest_bytes() + FORM_BYTES)
    async def upload(
        case_id: Case, key: Key, body: Annotated[OneFile, Form()], ask: Ask
    ) -> Response:
        asking = desk.asking(case_id, ask)
        async with desk.received(body.file) as upload:
            return await told(desk.building.save(asking, key, upload))

    @router.post(
        "/evidence", status_code=201, max_body_size=largest_bytes() + FORM_BYTES
    )
    async def attach(
        case_id: Case, body: Annotated[OneFile, Form()], ask: Ask
    ) -> Response:
        asking = desk.asking(case_id, ask)
        async with desk.received(body.file) as upload:
            return await told(desk.building.attach(asking, upload))

    @router.post("/evidence/{evidence_id}/remove")
    async def remove(case_id: Case, evidence_id: Evidence, ask: Ask) -> JSONResponse:
        asking = desk.asking(case_id, ask)
        return posted(await desk.building.remove(asking, evidence_id))
