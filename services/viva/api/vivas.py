"""Vivas: what everybody sees of theirs, and the time the participant chooses."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from services.viva.api.views import OwnViva, StaffViva
from services.viva.domain.commands import NoteAdjustment
from services.viva.domain.days import closes_at, earliest_start
from services.viva.domain.refusals import UnknownVivaError
from services.viva.handlers import (
    AdjustmentWords,
    BookingWords,
    Vivas,
    book_until_days,
)
from services.viva.read_models import (
    FreeSlot,
    SlotsWanted,
    VivaRow,
    VivaState,
    VivasWanted,
    free_slots,
    viva_of_case,
    vivas_after,
)
from shared.clock import Clock
from shared.database import Pool
from shared.london import london_day
from shared.vocabulary import CaseId, CohortId
from shared.web.identity import Identity
from shared.web.requests import (
    Ask,
    Current,
    MalformedCursorError,
    Page,
    PageWanted,
    Paging,
    Reader,
    posted,
)

Case = Annotated[CaseId, Path()]
StateWanted = Annotated[VivaState | None, Query()]
CohortWanted = Annotated[CohortId | None, Query()]

OFFICE = ("operations", "auditor")
PANEL = ("lead_moderator", "panel_member")
_BEFORE_ALL = ("0001-01-01T00:00:00+00:00", "", "")


def vivas_router(vivas: Vivas, pool: Pool, clock: Clock) -> APIRouter:
    """Return the routes of vivas."""
    router = APIRouter(prefix="/vivas", tags=["vivas"])
    _add_lists(router, pool)
    _add_slots(router, vivas, pool, clock)
    _add_changes(router, vivas, clock)
    return router


def _add_lists(router: APIRouter, pool: Pool) -> None:
    @router.get("")
    async def list_vivas(
        reader: Reader,
        page: Paging,
        state: StateWanted = None,
        cohort: CohortWanted = None,
    ) -> Page[StaffViva] | Page[OwnViva]:
        """Return all to the office, its own to a panel, and theirs to a participant.

        Who is staff and a participant finds their own case under its id.
        """
        reader.require(*OFFICE, *PANEL, "participant")
        wanted = VivasWanted(
            state=state,
            cohort_id=cohort,
            panellist_id=_if_on_panels(reader),
            participant_id=None if _is_staff(reader) else reader.person_id,
            hidden_from=reader.person_id if _is_staff(reader) else None,
        )
        after = "".join(page.after)
        rows = await vivas_after(pool, wanted, after=after, limit=page.limit + 1)
        if _is_staff(reader):
            staff = [StaffViva.of(row) for row in rows]
            return page.of(staff, key=lambda item: (item.case_id,))
        own = [_own(row) for row in rows]
        return page.of(own, key=lambda item: (item.case_id,))

    @router.get("/{case_id}")
    async def show(case_id: Case, reader: Reader, _: Current) -> StaffViva | OwnViva:
        """Return one viva to whom it concerns."""
        reader.require(*OFFICE, *PANEL, "participant")
        row = await _shown(pool, case_id, reader)
        is_own = row.participant_id == reader.person_id
        return _own(row) if is_own else StaffViva.of(row)


def _add_slots(router: APIRouter, vivas: Vivas, pool: Pool, clock: Clock) -> None:
    @router.get("/{case_id}/slots")
    async def slots(case_id: Case, reader: Reader, page: Paging) -> Page[FreeSlot]:
        """Return the free slots that can be chosen for this viva now."""
        reader.require("participant", *OFFICE)
        row = await _shown(pool, case_id, reader)
        after = _slot_after(page)
        if row.is_on_hold or row.state not in {"offered", "booked"}:
            return page.of([], key=_slot_key)
        now, days = clock(), 0 if _is_staff(reader) else book_until_days()
        today = london_day(now)
        needs = await vivas.needs(case_id, row.extra_minutes, today)
        wanted = SlotsWanted(
            case_id=case_id,
            programme=row.programme or "",
            cohort_id=row.cohort_id or "",
            extra_minutes=needs.extra_minutes,
            modes=("remote",) if needs.is_remote else ("in_person", "remote"),
            panel=tuple(filter(None, (row.lead_id, row.head_id))),
            past_rounds=tuple(row.past_rounds),
            not_before=earliest_start(now, days=days) if days else now,
        )
        rows = await free_slots(pool, wanted, after=after, limit=page.limit + 1)
        return page.of(rows, key=_slot_key)


def _add_changes(router: APIRouter, vivas: Vivas, clock: Clock) -> None:
    @router.post("/{case_id}/booking")
    async def book(case_id: Case, body: BookingWords, ask: Ask) -> JSONResponse:
        """Choose a slot, or another one; operations may do it up to the end."""
        ask.require("operations", "participant")
        is_office = ask.cause.role == "operations"
        handled = await vivas.book(
            case_id,
            body,
            by=ask.identity.person_id,
            is_office=is_office,
            at=clock(),
            cause=ask.cause,
        )
        return posted(handled)

    @router.post("/{case_id}/adjustment")
    async def adjust(case_id: Case, body: AdjustmentWords, ask: Ask) -> JSONResponse:
        """Give the viva the extra minutes that were agreed."""
        ask.require("operations")
        command = NoteAdjustment(
            extra_minutes=body.extra_minutes, by=ask.identity.person_id, at=clock()
        )
        return posted(await vivas.adjust(case_id, command, ask.cause))


def _is_staff(reader: Identity) -> bool:
    return reader.may(*OFFICE, *PANEL)


def _if_on_panels(reader: Identity) -> str | None:
    """Return whose panels are shown: the office sees all."""
    is_limited = reader.may(*PANEL) and not reader.may(*OFFICE)
    return reader.person_id if is_limited else None


async def _shown(pool: Pool, case_id: str, reader: Identity) -> VivaRow:
    """Return the viva if it concerns the reader; to others there is none."""
    row = await viva_of_case(pool, case_id)
    if row is None:
        raise UnknownVivaError
    concerned = {row.participant_id}
    if reader.may(*PANEL):
        concerned |= {row.lead_id, row.head_id}
    if not reader.may(*OFFICE) and reader.person_id not in concerned:
        raise UnknownVivaError
    return row


def _own(row: VivaRow) -> OwnViva:
    """Return the row for the participant."""
    until: datetime | None = None
    if row.state == "booked" and row.starts_at is not None:
        until = closes_at(row.starts_at, days=book_until_days())
    return OwnViva.of(row, until)


def _slot_key(slot: FreeSlot) -> tuple[str, str, str]:
    return slot.starts_at.isoformat(), slot.round_id, slot.slot_id


def _slot_after(page: PageWanted) -> tuple[datetime, str, str]:
    try:
        moment, round_id, slot_id = page.after or _BEFORE_ALL
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise MalformedCursorError from None
    if at.tzinfo is None:
        raise MalformedCursorError
    return at, round_id, slot_id
