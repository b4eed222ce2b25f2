"""Application forms in Word: sent in, and opened again by applicant and panel."""

from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from services.submission.api.asking import Case, Reason, reading
from services.submission.api.building import FORM_BYTES, largest_bytes
from services.submission.api.portfolios import asker_of
from services.submission.api.uploads import Reception, told
from services.submission.handlers import Forms
from shared.clock import Clock
from shared.vocabulary import CohortId
from shared.web.portfolio import download
from shared.web.requests import Ask, Reader


class SentForm(BaseModel):
    """An application form, and the cohort it is for."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    file: UploadFile
    cohort_id: CohortId


def applying_router(forms: Forms, clock: Clock, reception: Reception) -> APIRouter:
    """Return the routes of application forms."""
    router = APIRouter(prefix="/applications", tags=["taking part"])
    limit_bytes = largest_bytes()

    @router.post("/form", status_code=201, max_body_size=limit_bytes + FORM_BYTES)
    async def send(body: Annotated[SentForm, Form()], ask: Ask) -> Response:
        at = ask.received_at or clock()
        ask.require("operations", "participant")
        async with reception.received(body.file, limit_bytes) as upload:
            applying = forms.apply(
                upload, body.cohort_id, asker_of(ask), at=at, cause=ask.cause
            )
            return await told(applying)

    @router.get("/{case_id}/form")
    async def form(
        case_id: Case, reader: Reader, reason: Reason = None
    ) -> StreamingResponse:
        """Return the document as it was sent; staff say why, which is recorded."""
        who = reading(reader)
        return download(await forms.served(case_id, who=who, reason=reason))

    return router
