"""What a change of a viva means for its slot, and for those who sit.

Invariant: slot, diaries and viva change in one unit of work, so no slot has two cases,
nobody sits on two vivas at once, and a process that dies leaves nothing half done.
"""

from datetime import datetime

from services.viva.domain.booking import given_up
from services.viva.domain.commands import VivaCommand
from services.viva.domain.decide import viva
from services.viva.domain.events import Appointment, VivaEvent
from services.viva.domain.panellist.commands import FreeSitting, TakeSitting
from services.viva.domain.panellist.decide import panellist
from services.viva.domain.round.commands import FreeSlot
from services.viva.domain.round.decide import round_
from services.viva.domain.sitting import Changes, changes
from services.viva.handlers.streams import panellist_stream, round_stream, viva_stream
from shared.handling import Loader, Step


async def steps_of(
    loader: Loader, case_id: str, *commands: VivaCommand, names_people: bool = True
) -> tuple[Step, ...]:
    """Return the steps of *commands*, and those that follow from what they change.

    Raises:
        The errors of the commands, as in ``domain.decide``.
    """
    stream = viva_stream(case_id)
    before = await loader.state(viva, stream)
    facts: list[VivaEvent] = []
    after = before
    for command in commands:
        found = viva.decide(command, after)
        after = viva.fold(found, after)
        facts.extend(found)
    at = commands[-1].at
    return (
        *(Step(viva, stream, command) for command in commands),
        *_slots(case_id, given_up(before, facts), at),
        *_sittings(case_id, changes(before, after), at, names_people=names_people),
    )


def _slots(case_id: str, left: Appointment | None, at: datetime) -> tuple[Step, ...]:
    if left is None:
        return ()
    free = FreeSlot(slot_id=left.slot_id, case_id=case_id, at=at)
    return (Step(round_, round_stream(left.round_id), free),)


def _sittings(
    case_id: str, found: Changes, at: datetime, *, names_people: bool
) -> tuple[Step, ...]:
    commands: list[FreeSitting | TakeSitting] = [
        FreeSitting(person_id=person_id, case_id=case_id, at=at)
        for person_id in found.left
    ]
    commands.extend(
        TakeSitting(
            person_id=each.person_id,
            case_id=case_id,
            starts_at=each.starts_at,
            minutes=each.minutes,
            names_people=names_people,
            at=at,
        )
        for each in found.taken
    )
    return tuple(
        Step(panellist, panellist_stream(command.person_id), command)
        for command in commands
    )
