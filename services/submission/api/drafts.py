"""Autosave: what a participant types, before it is a fact; for their eyes alone."""

from fastapi import APIRouter

from services.submission.handlers.own_case import read_own
from shared.clock import Clock
from shared.drafts import Author, Drafts, Place
from shared.handling import Handling
from shared.vocabulary import CaseId
from shared.web.drafts import Form, drafts_router
from shared.web.requests import Reader


def own_drafts_router(drafts: Drafts, handling: Handling, clock: Clock) -> APIRouter:
    """Return the routes of drafts; a form is a section of one's own case."""

    async def place_of(case_id: CaseId, form: Form, reader: Reader) -> Place:
        await read_own(handling, case_id, reader.person_id)
        return Place(Author(reader.person_id), f"{case_id}.{form}")

    return drafts_router("/cases/{case_id}/drafts/{form}", place_of, drafts, clock)
