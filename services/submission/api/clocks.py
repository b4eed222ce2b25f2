"""The clocks of a case, for any date; and whether a letter is still true."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from services.submission.api.asking import Case
from services.submission.api.cohorts import READERS
from services.submission.domain.events import ClockName, Side
from services.submission.handlers import Timekeeping, Who
from shared.clock import Clock
from shared.errors import BadInputError
from shared.vocabulary import CaseId
from shared.web.confirming import confirming_router
from shared.web.requests import Reader


class NotYetError(BadInputError):
    """A clock is shown as it stood: ask for a moment that has come."""


class ClockView(BaseModel):
    """A clock as it stood; null where none ran."""

    case_id: CaseId
    at: AwareDatetime
    about: ClockName | None
    runs_until: date | None
    adjusted_until: date | None
    closes_on: date | None
    """The last day, until 24:00 in London."""
    is_held: bool | None


def clocks_router(timekeeping: Timekeeping, clock: Clock) -> APIRouter:
    """Return the routes of clocks."""
    router = APIRouter(tags=["clocks"])

    @router.get("/cases/{case_id}/clock")
    async def show(
        case_id: Case,
        reader: Reader,
        at: Annotated[AwareDatetime | None, Query()] = None,
    ) -> ClockView:
        reader.require(*READERS, "participant")
        side: Side = "office" if reader.may(*READERS) else "participant"
        moment = _past(at, clock())
        who = Who(person_id=reader.person_id, side=side)
        found = await timekeeping.closing_at(case_id, moment, who)
        return ClockView(
            case_id=case_id,
            at=moment,
            about=found.about if found else None,
            runs_until=found.runs_until if found else None,
            adjusted_until=found.adjusted_until if found else None,
            closes_on=found.closes_on if found else None,
            is_held=found.is_held if found else None,
        )

    async def is_still_true(case_id: str, _: str, event_id: UUID) -> bool:
        return await timekeeping.is_still_true(case_id, event_id, clock())

    router.include_router(confirming_router(is_still_true))
    return router


def _past(at: datetime | None, now: datetime) -> datetime:
    if at is not None and at > now:
        raise NotYetError(now=now.isoformat())
    return at or now
