"""What a participant may know of the course of their own case.

Invariant: nothing here says who judged, was drawn, or sat on a panel, and nothing of a
judgement shows before it is released. Source: domain.md section 1.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.operations.read_models import timeline_of
from services.operations.wording import sentence
from services.submission.domain.events import ApplicationReceived, Enrolled
from shared.database import Pool
from shared.errors import NotFoundError
from shared.eventlog import Codec, EventLog
from shared.vocabulary import CaseId
from shared.web.cursors import position_of
from shared.web.requests import Page, Paging, Reader

_OWN: dict[str, str] = {
    "submission": """
        ApplicationReceived EligibilityDecided Enrolled MentorAsked MentorNominated
        MentorAppointed TemplateChosen SectionSaved SelfRatingRecorded EvidenceAttached
        EvidenceRemoved FeedbackRequested FeedbackReceived StatementRequested
        StatementReceived AdjustmentAsked AdjustmentAgreed AdjustmentDeclined
        DeadlineMoved QueryAsked QueryAnswered DetailsOpened ReminderDue Submitted
        Withdrawn ResubmissionOpened ResubmissionClosed ResubmissionLapsed
        RestartRequired RestartRevoked FeePaid
    """,
    "moderation": "OutcomeReleased OutcomeRevised",
    "viva": """
        Offered OfferWithdrawn Booked Moved Held Passed NotPassed AwardConferred
        AwardRevoked
    """,
    "appeals": """
        ConversationOffered ConversationTimesOffered ConversationBooked ConversationHeld
        ConversationCancelled ExplanationRequested ExplanationGiven Lodged ClockStopped
        ClockRestarted Upheld Dismissed FreshReviewOrdered Discontinued
    """,
    "operations": "HoldPlaced HoldLifted",
}
OWN_FACTS = frozenset(
    f"{service}.{name}" for service, names in _OWN.items() for name in names.split()
)
"""Facts that a participant sees. Those of review and of letters are not among them: a
letter to a reviewer belongs to the same case."""

_FIRST_FACTS = 50
"""How far into a case its participant is looked for: what others tell of a case may
come before there is one."""


class NotEnrolledError(NotFoundError):
    """You have no case of that id."""


class OwnLine(BaseModel):
    """One thing that happened to one's own case, in words."""

    position: int
    occurred_at: datetime
    what: str


def own_timeline_router(pool: Pool, log: EventLog, codec: Codec) -> APIRouter:
    """Return the timeline of a case for its participant."""
    router = APIRouter(tags=["operations"])

    @router.get("/own/cases/{case_id}/timeline")
    async def own_timeline(
        case_id: Annotated[CaseId, Path()], reader: Reader, page: Paging
    ) -> Page[OwnLine]:
        if await _participant_of(case_id, log, codec) != reader.person_id:
            raise NotEnrolledError(case_id=case_id)
        rows = await timeline_of(
            pool,
            case_id,
            after=position_of(page.after),
            limit=page.limit + 1,
            as_of=None,
            types=OWN_FACTS,
        )
        lines = [
            OwnLine(
                position=row.position,
                occurred_at=row.occurred_at,
                what=sentence(row.type),
            )
            for row in rows
        ]
        return page.of(lines, key=lambda line: (str(line.position),))

    return router


async def _participant_of(case_id: str, log: EventLog, codec: Codec) -> str | None:
    """Return whose case it is, from its facts; None where there is none."""
    stream = f"case-{case_id}"
    for event in await log.read_stream(stream, up_to_version=_FIRST_FACTS):
        fact = codec.decode(event)
        if isinstance(fact, ApplicationReceived | Enrolled):
            return fact.person_id
    return None
