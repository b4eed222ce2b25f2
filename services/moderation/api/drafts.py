"""What moderators and leads type, for them alone, whatever became of the case."""

from fastapi import APIRouter

from services.moderation.api.asking import AttemptPath, CasePath, shown
from services.moderation.handlers import Drafting
from shared.clock import Clock
from shared.drafts import Drafts, Place
from shared.web.drafts import Form, drafts_router
from shared.web.requests import Reader


def case_drafts_router(drafting: Drafting, drafts: Drafts, clock: Clock) -> APIRouter:
    """Return the routes of drafts; a form is a criterion, or the decision."""

    async def place_of(
        case_id: CasePath, attempt: AttemptPath, form: Form, reader: Reader
    ) -> Place:
        reader.require("moderator", "lead_moderator")
        asked = shown(case_id, attempt, reader, clock)
        is_lead = reader.may("lead_moderator")
        return await drafting.place(asked, form, is_lead=is_lead)

    prefix = "/cases/{case_id}/{attempt}/drafts/{form}"
    return drafts_router(prefix, place_of, drafts, clock)
