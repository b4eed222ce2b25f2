"""The rules of panellists: what the directory says is noted once.

A role and an employer come in one topic under one key, so in their order: who is not
known here has no role yet, and the role will bring the organisation with it.
"""

from typing import assert_never

from services.viva.domain.panellist.commands import (
    NoteEmployer,
    NotePanellist,
    PanellistCommand,
)
from services.viva.domain.panellist.events import (
    EmployerNoted,
    PanellistEvent,
    PanellistNoted,
)
from services.viva.domain.panellist.evolve import INITIAL, Panellist, evolve
from shared.decider import Decider


def decide(command: PanellistCommand, state: Panellist) -> tuple[PanellistEvent, ...]:
    """Return the facts that *command* leads to; empty when they are known."""
    match command:
        case NotePanellist():
            return _note(command, state)
        case NoteEmployer():
            return _employer(command, state)
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
    return (
        EmployerNoted(
            person_id=command.person_id,
            organisation_id=command.organisation_id,
            occurred_at=command.at,
        ),
    )


panellist = Decider(category="panellist", decide=decide, evolve=evolve, initial=INITIAL)
