"""The rules of panellists: what the directory says, and one viva at a time.

A role and an employer come in one topic under one key, so in their order: who is not
known here has no role yet, and the role will bring the organisation with it.
"""

from datetime import datetime, timedelta
from typing import assert_never

from services.viva.domain.panellist.commands import (
    FreeSitting,
    NoteEmployer,
    NotePanellist,
    PanellistCommand,
    TakeSitting,
)
from services.viva.domain.panellist.events import (
    EmployerNoted,
    PanellistEvent,
    PanellistNoted,
    SittingFreed,
    SittingTaken,
)
from services.viva.domain.panellist.evolve import INITIAL, Panellist, evolve
from services.viva.domain.refusals import PanelBusyError, PanellistBusyError
from shared.carrying import carry
from shared.decider import Decider


def decide(command: PanellistCommand, state: Panellist) -> tuple[PanellistEvent, ...]:
    """Return the facts that *command* leads to; empty when they are known.

    Raises:
        PanellistBusyError, PanelBusyError: they hold another viva at that time.
    """
    match command:
        case NotePanellist():
            return _note(command, state)
        case NoteEmployer():
            return _employer(command, state)
        case TakeSitting():
            return _take(command, state)
        case FreeSitting():
            return _free(command, state)
        case _:
            assert_never(command)


def _note(command: NotePanellist, state: Panellist) -> tuple[PanellistNoted, ...]:
    organisation_id = command.organisation_id
    is_known = organisation_id in {None, state.organisation_id}
    if command.role in state.roles and is_known:
        return ()
    return (
        PanellistNoted(
            person_id=command.person_id,
            role=command.role,
            organisation_id=organisation_id,
            occurred_at=command.at,
        ),
    )


def _employer(command: NoteEmployer, state: Panellist) -> tuple[EmployerNoted, ...]:
    if not state.roles or command.organisation_id == state.organisation_id:
        return ()
    return (carry(command, EmployerNoted, occurred_at=command.at),)


def _take(command: TakeSitting, state: Panellist) -> tuple[SittingTaken, ...]:
    taken = carry(command, SittingTaken, occurred_at=command.at)
    before = state.sittings.get(command.case_id)
    if before is not None and _span(before) == _span(taken):
        return ()
    others = (
        each for each in state.sittings.values() if each.case_id != command.case_id
    )
    for each in others:
        if _overlap(each, taken) and not _is_past(taken, command.at):
            raise _busy(each, command)
    return (taken,)


def _free(command: FreeSitting, state: Panellist) -> tuple[SittingFreed, ...]:
    if command.case_id not in state.sittings:
        return ()
    return (carry(command, SittingFreed, occurred_at=command.at),)


def _span(sitting: SittingTaken) -> tuple[datetime, datetime]:
    """Return beginning and end; the end is free for the next viva."""
    return sitting.starts_at, sitting.starts_at + timedelta(minutes=sitting.minutes)


def _is_past(sitting: SittingTaken, at: datetime) -> bool:
    """Tell whether nobody can be needed then any more: a viva that was missed."""
    return _span(sitting)[1] <= at


def _overlap(one: SittingTaken, other: SittingTaken) -> bool:
    (one_begins, one_ends), (begins, ends) = _span(one), _span(other)
    return one_begins < ends and begins < one_ends


def _busy(
    held: SittingTaken, command: TakeSitting
) -> PanellistBusyError | PanelBusyError:
    """Return the refusal; only the office is told who holds which viva."""
    if not command.names_people:
        return PanelBusyError()
    begins, ends = _span(held)
    return PanellistBusyError(
        person_id=held.person_id,
        case_id=held.case_id,
        starts_at=begins.isoformat(),
        ends_at=ends.isoformat(),
    )


panellist = Decider(category="panellist", decide=decide, evolve=evolve, initial=INITIAL)
